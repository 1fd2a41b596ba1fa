import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { startEnrollmentService } from '@openedx-ts/example-enrollment-service';
import { startNotificationService } from '@openedx-ts/example-notification-service';
import { type EventBook, watchEvents } from './event-book.js';
import { type Services, servicesEnvironment } from './services.js';

/** Starts both services in this process, as the memory bus needs it. */
export async function startServices(options: {
  readonly bus: EventBusPlugin;
  readonly env: Environment;
  /** @defaultValue no callbacks */
  readonly book?: EventBook;
}): Promise<Services> {
  const { bus, book } = options;
  const env = servicesEnvironment(options.env);
  const stopWatching = new AbortController();
  const notification = await startNotificationService({ bus, env });
  try {
    const enrollment = await startEnrollmentService({ bus, env });
    if (book !== undefined) watchEvents(book, stopWatching.signal);
    const close = async () => {
      await enrollment.close();
      await notification.close();
      stopWatching.abort();
    };
    const died = new Promise<never>(() => {}); // services in this process end with it
    return { enrollmentUrl: enrollment.url, notificationUrl: notification.url, died, close };
  } catch (error) {
    await notification.close();
    throw error;
  }
}
