import type { EventBusPlugin } from '@openedx-ts/events-core';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import type { KafkaLogins } from './options/kafka-logins.js';
import { kafkaConsumerSettings, kafkaProducerSettings } from './options/kafka-settings.js';
import { withLogins } from './options/with-logins.js';

/**
 * Creates a bus that reads `EVENT_BUS_KAFKA_…`, `EVENT_BUS_TOPIC_PREFIX` and `EVENTS_SERVICE_NAME`, with logins in code. A
 * module that exports it as `eventBus` is named by `EVENT_BUS=./bus.js`, or by `--bus ./bus.js` in every command.
 */
export function kafkaEventBus(logins: KafkaLogins = {}): EventBusPlugin {
  return Object.freeze({
    name: 'kafka',
    createProducer: (env, options) =>
      new KafkaEventBusProducer({ ...withLogins(kafkaProducerSettings(env), logins), ...options }),
    createConsumer: (env, options) =>
      new KafkaEventBusConsumer({ ...withLogins(kafkaConsumerSettings(env), logins), ...options }),
    createAdmin: (env) => new KafkaEventBusAdmin(env, logins),
  } satisfies EventBusPlugin);
}
