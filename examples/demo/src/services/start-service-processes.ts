import type { Environment } from '@openedx-ts/events-core';
import { ChildService } from './child-service.js';
import type { EventBook } from './event-book.js';
import { type Services, servicesEnvironment } from './services.js';

/**
 * Starts both services, each as a process of its own, and prints their process ids to stderr.
 *
 * @throws ServiceDied when one cannot start
 */
export async function startServiceProcesses(options: {
  /** As in `EVENT_BUS`. */
  readonly bus: string;
  readonly env: Environment;
  readonly book: EventBook;
}): Promise<Services> {
  const { bus, book } = options;
  const env = { ...servicesEnvironment(options.env), EVENT_BUS: bus };
  const notification = new ChildService('notification-service', { env, book });
  const enrollment = new ChildService('enrollment-service', { env, book });
  const close = async () => {
    await enrollment.stop();
    await notification.stop();
  };
  try {
    const [enrollmentUrl, notificationUrl] = await Promise.all([enrollment.url, notification.url]);
    process.stderr.write(
      `demo: enrollment-service is process ${enrollment.pid}, notification-service is process ${notification.pid}\n`,
    );
    const died = Promise.race([enrollment.died, notification.died]);
    died.catch(() => {}); // the waiting code gets the error
    return { enrollmentUrl, notificationUrl, died, close };
  } catch (error) {
    await close();
    throw error;
  }
}
