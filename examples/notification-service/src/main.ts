import { configureEvents } from '@openedx-ts/events-core';
import { stopOnSignal } from '@openedx-ts/example-http-service';
import { pino } from 'pino';
import { startNotificationService } from './start-notification-service.js';

const { env } = process;
const logger = pino({ level: env.LOG_LEVEL || 'info' });
configureEvents({ logger, serviceName: env.EVENTS_SERVICE_NAME || 'notification-service' });

try {
  const service = await startNotificationService({ env, logger });
  stopOnSignal({ close: () => service.close(), logger });
} catch (error) {
  logger.fatal({ err: error }, 'notification-service cannot start');
  process.exitCode = 1;
}
