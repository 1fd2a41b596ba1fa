import { configureEvents, stopOnSignal } from '@openedx-ts/events-core';
import { pino } from 'pino';
import { startNotificationService } from './start-notification-service.js';

const { env } = process;
const logger = pino({ level: env.LOG_LEVEL || 'info' });
configureEvents({ logger, serviceName: env.EVENTS_SERVICE_NAME || 'notification-service' });

try {
  const service = await startNotificationService({ env, logger });
  stopOnSignal({ close: () => service.close() });
} catch (error) {
  logger.fatal({ err: error }, 'notification-service cannot start');
  process.exitCode = 1;
}
