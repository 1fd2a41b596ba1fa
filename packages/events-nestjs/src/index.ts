export { EventBusHealthIndicator, type EventBusHealthResult } from './event-bus-health-indicator.js';
export { EVENT_BUS } from './event-bus-token.js';
export type { EventOf } from './event-of.js';
export { EventReceiver } from './event-receiver.js';
export { EventsModule } from './events-module.js';
export type { EventsModuleAsyncOptions, EventsModuleOptions } from './events-module-options.js';
