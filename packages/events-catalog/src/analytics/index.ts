export { TRACKING_EVENT_EMITTED } from './tracking-event-emitted.js';
export { TrackingLogData } from './tracking-log-data.js';
