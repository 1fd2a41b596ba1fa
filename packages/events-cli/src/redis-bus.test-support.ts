export { eventBus } from '@openedx-ts/event-bus-redis';
