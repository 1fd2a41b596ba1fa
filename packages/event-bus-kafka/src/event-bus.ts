import type { EventBusPlugin } from '@openedx-ts/events-core';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import { kafkaConsumerSettings, kafkaProducerSettings } from './options/kafka-settings.js';

/** The bus of `EVENT_BUS=kafka`. Reads `EVENT_BUS_KAFKA_…`, `EVENT_BUS_TOPIC_PREFIX` and `EVENTS_SERVICE_NAME`. */
export const eventBus: EventBusPlugin = Object.freeze({
  name: 'kafka',
  createProducer: (env, options) => new KafkaEventBusProducer({ ...kafkaProducerSettings(env), ...options }),
  createConsumer: (env, options) => new KafkaEventBusConsumer({ ...kafkaConsumerSettings(env), ...options }),
  createAdmin: (env) => new KafkaEventBusAdmin(env),
} satisfies EventBusPlugin);
