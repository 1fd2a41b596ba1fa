export type { EnrollmentJson } from './enrollment.js';
export { enrollmentTopic } from './producer-config.js';
export type { EnrollmentReply, ReceiverReply } from './routes.js';
export { startEnrollmentService } from './start-enrollment-service.js';
