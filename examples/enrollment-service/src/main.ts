import { configureEvents, stopOnSignal } from '@openedx-ts/events-core';
import { pino } from 'pino';
import { startEnrollmentService } from './start-enrollment-service.js';

const { env } = process;
const logger = pino({ level: env.LOG_LEVEL || 'info' });
configureEvents({ logger, serviceName: env.EVENTS_SERVICE_NAME || 'enrollment-service' });

try {
  const service = await startEnrollmentService({ env, logger });
  stopOnSignal({ close: () => service.close() });
} catch (error) {
  logger.fatal({ err: error }, 'enrollment-service cannot start');
  process.exitCode = 1;
}
