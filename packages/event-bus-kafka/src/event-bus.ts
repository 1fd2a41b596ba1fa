import type { EventBusPlugin } from '@openedx-ts/events-core';
import { kafkaEventBus } from './kafka-event-bus.js';

/** The bus of `EVENT_BUS=kafka`, with the logins of the environment. */
export const eventBus: EventBusPlugin = kafkaEventBus();
