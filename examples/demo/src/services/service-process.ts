// One of the two services as a process of its own. It reports its events to the demo, stops when the demo asks it to, and
// ends with the demo, however that ends.
import { configureEvents } from '@openedx-ts/events-core';
import { startEnrollmentService } from '@openedx-ts/example-enrollment-service';
import { startNotificationService } from '@openedx-ts/example-notification-service';
import { pino } from 'pino';
import { watchEvents } from './event-book.js';
import type { ServiceMessage, ServiceName } from './service-message.js';

const starters = {
  'enrollment-service': startEnrollmentService,
  'notification-service': startNotificationService,
} as const;

const orphaned = () => process.exit(1);
process.on('disconnect', orphaned);
process.on('SIGINT', () => {}); // Ctrl-C is handled by the demo, which stops its services in order

const name = process.argv[2] as ServiceName;
const { env } = process;
// Its stderr is shown when it dies.
const logger = pino({ level: env.LOG_LEVEL || 'warn' }, pino.destination({ fd: 2, sync: true }));
configureEvents({ logger, serviceName: name });
watchEvents({
  sent: (event) => report({ is: 'sent', event }),
  dropped: (event) => report({ is: 'dropped', event }),
  delivered: (event) => report({ is: 'delivered', event }),
});

const service = await starters[name]({ env, logger });
process.once('message', async () => {
  await service.close();
  process.off('disconnect', orphaned);
  process.disconnect();
});
report({ is: 'started', url: service.url });

function report(message: ServiceMessage): void {
  process.send?.(message);
}
