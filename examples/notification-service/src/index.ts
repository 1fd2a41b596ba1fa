export type { PreferenceJson } from './preference.js';
export { notificationGroup, startNotificationService } from './start-notification-service.js';
