import { avroCodec, confluentWireFormat } from '@openedx-ts/events-avro';
import { createMetadata, type Health, type Route } from '@openedx-ts/events-core';
import {
  backOff,
  combineHealth,
  EventBusProducer,
  type EventCodec,
  fullTopicName,
  type Message,
  type PublishOutcome,
  reasonOf,
  runtime,
  type WireFormat,
} from '@openedx-ts/events-core/bus';
import {
  type KafkaProducerOptions,
  type ResolvedKafkaProducerOptions,
  resolveProducerOptions,
} from './options/kafka-options.js';
import { KafkaPublisher } from './producer/kafka-publisher.js';
import { ConfluentSchemaRegistry } from './registry/confluent-schema-registry.js';
import { schemaRegistryOf } from './registry/schema-registry-of.js';

/**
 * Publishes to Kafka. An event is accepted when all replicas in sync have it. A lost connection is no failure: the
 * event is sent again within `deliveryTimeoutMs`, and where the answer was lost rather than the event, the broker
 * recognises it, so that it is stored once (`idempotent`). The position of an event is `<partition>:<offset>`, with the
 * offset -1 where Kafka stored it and no longer knows where.
 */
export class KafkaEventBusProducer extends EventBusProducer {
  readonly #options: ResolvedKafkaProducerOptions;
  readonly #codec: EventCodec;
  readonly #wireFormat: WireFormat;
  readonly #publisher: KafkaPublisher;
  readonly #registry: ConfluentSchemaRegistry | undefined;
  readonly #closing = new AbortController();

  /** @throws InvalidOptionsError */
  constructor(given: KafkaProducerOptions) {
    const options = resolveProducerOptions(given);
    const registry = schemaRegistryOf(options.schemaRegistry);
    const codec = options.codec ?? avroCodec();
    const wireFormat = confluentWireFormat(registry);
    const laneOf = (message: Message) => this.#publisher.partitionOf(message)?.toString();
    super({ codec, wireFormat, options, laneOf });
    this.#options = options;
    this.#codec = codec;
    this.#wireFormat = wireFormat;
    this.#registry = registry instanceof ConfluentSchemaRegistry ? registry : undefined;
    this.#publisher = new KafkaPublisher(options);
  }

  /**
   * Does ahead of the first event what it would otherwise wait for: connects, and asks the registry for the ids of all
   * that these routes send. While something is down it goes on trying; no send waits for it.
   *
   * @throws SchemaRegistryError, KafkaAccessError, ProducerConfigurationError when trying again does not help
   */
  async warmUp(routes: readonly Route[]): Promise<void> {
    const enabled = routes.filter(({ enabled }) => enabled);
    const steps = [...enabled.map((route) => () => this.#learnIds(route)), () => this.#publisher.connect()];
    const results = await Promise.allSettled(steps.map((step) => this.#untilUp(step)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  override health(): Health {
    const failure = this.#registry?.failure;
    const reasons = failure === undefined ? [] : [failure];
    return combineHealth([super.health(), { live: true, ready: failure === undefined, reasons }]);
  }

  override close(): Promise<void> {
    this.#closing.abort();
    return super.close();
  }

  protected publish(
    messages: readonly Message[],
    abortSignal: AbortSignal,
    report: (place: number, outcome: PublishOutcome) => void,
  ): Promise<readonly PublishOutcome[]> {
    return this.#publisher.publish(messages, abortSignal, report);
  }

  protected release(): Promise<void> {
    return this.#publisher.close();
  }

  /** Frames an event without content: that asks for its ids, and whoever frames the next has them. */
  async #learnIds({ signal, topic, eventKeyField }: Route): Promise<void> {
    const bound = await this.#codec.bind(signal);
    const nothing = new Uint8Array(0);
    const metadata = createMetadata({ eventType: signal.eventType, minorVersion: 0 });
    const emptyKey = { text: '', bytes: nothing, schema: bound.key(eventKeyField).schema };
    const event = { metadata, topic, record: nothing, schema: bound.schema, key: emptyKey };
    await this.#wireFormat.frame(event, fullTopicName(topic, this.#options.topicPrefix));
  }

  async #untilUp(step: () => Promise<void>): Promise<void> {
    const { logger } = runtime();
    for (let failures = 1; !this.#closing.signal.aborted; failures += 1) {
      try {
        return await step();
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if ((error as { readonly retryable?: unknown }).retryable !== true) throw error;
        if (failures === 1)
          logger.warn(
            { reason: reasonOf(error) },
            'Kafka or its schema registry is not ready yet; the start is retried',
          );
        await backOff(failures, { initialMs: 250, maxMs: 2_000 }, this.#closing.signal);
      }
    }
  }
}
