import {
  type Environment,
  type EventBusPlugin,
  ProducerConfigurationError,
  parseProducerConfig,
  type Route,
  reasonOf,
  routesFromConfig,
  settings,
} from '@openedx-ts/events-core';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import { kafkaConsumerSettings, kafkaProducerSettings } from './kafka-settings.js';

/** The bus of `EVENT_BUS=kafka`. Reads `EVENT_BUS_KAFKA_…`, `EVENT_BUS_TOPIC_PREFIX` and `EVENTS_SERVICE_NAME`. */
export const eventBus: EventBusPlugin = Object.freeze({
  name: 'kafka',
  createProducer: (env, options) => {
    const producer = new KafkaEventBusProducer({ ...kafkaProducerSettings(env), ...options });
    void warmUp(producer, env);
    return producer;
  },
  createConsumer: (env, options) => new KafkaEventBusConsumer({ ...kafkaConsumerSettings(env), ...options }),
  createAdmin: (env) => new KafkaEventBusAdmin(env),
} satisfies EventBusPlugin);

async function warmUp(producer: KafkaEventBusProducer, env: Environment): Promise<void> {
  try {
    await producer.warmUp(configuredRoutes(env));
  } catch (error) {
    settings().logger.error({ err: error }, `the Kafka bus is not ready: ${reasonOf(error)}`);
  }
}

/** What the setting alone says; routes that are made otherwise learn their ids with their first event. */
function configuredRoutes(env: Environment): readonly Route[] {
  try {
    return routesFromConfig(parseProducerConfig(env.EVENT_BUS_PRODUCER_CONFIG || {}));
  } catch (error) {
    if (error instanceof ProducerConfigurationError) return [];
    throw error;
  }
}
