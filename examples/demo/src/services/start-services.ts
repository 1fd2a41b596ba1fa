import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { startEnrollmentService } from '@openedx-ts/example-enrollment-service';
import { startNotificationService } from '@openedx-ts/example-notification-service';

/** Both services, taking requests. */
export interface Services {
  readonly enrollmentUrl: string;
  readonly notificationUrl: string;
  /** Stops both, the sender first. */
  close(): Promise<void>;
}

/** Starts both services in this process, as the memory bus needs it, on free ports and with topics of their own. */
export async function startServices(options: {
  readonly bus: EventBusPlugin;
  readonly env: Environment;
}): Promise<Services> {
  const { bus } = options;
  const env = {
    ...options.env,
    HOST: '127.0.0.1',
    PORT: '0',
    EVENT_BUS_PRODUCER_CONFIG: undefined,
    EVENT_BUS_TOPIC_PREFIX: `demo-${process.pid}-${Date.now()}`,
  };
  const notification = await startNotificationService({ bus, env });
  try {
    const enrollment = await startEnrollmentService({ bus, env });
    const close = async () => {
      await enrollment.close();
      await notification.close();
    };
    return { enrollmentUrl: enrollment.url, notificationUrl: notification.url, close };
  } catch (error) {
    await notification.close();
    throw error;
  }
}
