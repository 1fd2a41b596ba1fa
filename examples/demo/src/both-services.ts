// Both services in one process, to try by hand: `npm run both` here, then the curl lines of their READMEs.
import { configureEvents, stopOnSignal } from '@openedx-ts/events-core';
import { startEnrollmentService } from '@openedx-ts/example-enrollment-service';
import { startNotificationService } from '@openedx-ts/example-notification-service';
import { pino } from 'pino';

const logger = pino({ level: process.env.LOG_LEVEL || 'info' });
const env = { ...process.env, EVENT_BUS: process.env.EVENT_BUS || 'memory' };
configureEvents({ logger, serviceName: 'both-services' });

const notification = await startNotificationService({ env: { ...env, PORT: '8002' }, logger });
const enrollment = await startEnrollmentService({ env: { ...env, PORT: '8001' }, logger });

stopOnSignal({
  close: async () => {
    await enrollment.close();
    await notification.close();
  },
});
