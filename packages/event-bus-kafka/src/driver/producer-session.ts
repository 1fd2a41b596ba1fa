import { InfrastructureError } from '@openedx-ts/events-core';
import { deferred, type Message, type TextCleaner } from '@openedx-ts/events-core/bus';
import { CompressionTypes, type Producer, type RecordMetadata } from 'kafkajs';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { withDeadline } from '../runtime/with-deadline.js';
import { saslTexts } from '../security/sasl-texts.js';
import { BrokerSockets } from './broker-sockets.js';
import { type KafkaMessage, toKafkaMessage } from './kafka-message.js';
import { createKafka } from './kafkajs-client.js';

/** Where a message was stored. */
export interface ProducedRecord {
  readonly partition: number;
  readonly offset: bigint;
}

/** Options of `ProducerSession`. */
export interface ProducerSessionOptions extends ResolvedKafkaClientOptions {
  readonly allowAutoTopicCreation: boolean;
  /** @defaultValue none */
  readonly compression?: 'gzip' | undefined;
}

/**
 * One producer of kafkajs with its connections. It is used until something is wrong with it and then replaced as a
 * whole: after a lost connection or a silent broker kafkajs may keep a state that never recovers.
 *
 * It is not idempotent: kafkajs ties a producer id to the object, and loses count of sequence numbers when a request
 * ends without an answer, after which the broker refuses every batch. A batch whose answer was lost is therefore sent
 * again, and may be there twice.
 */
export class ProducerSession {
  readonly #producer: Producer;
  readonly #sockets: BrokerSockets;
  readonly #texts: TextCleaner;
  readonly #options: ProducerSessionOptions;
  /** Ends requests in flight; one promise for all of them would keep every request for as long as it is pending. */
  readonly #failures = new Set<(error: Error) => void>();
  #broken: Error | undefined;
  #inFlight = 0;
  #isRetired = false;

  /** @param partitionOf chooses a partition of a topic for a key */
  constructor(
    options: ProducerSessionOptions,
    partitionOf: (fullTopic: string, key: Uint8Array | null, partitionCount: number) => number,
  ) {
    this.#options = options;
    this.#sockets = new BrokerSockets(options);
    this.#texts = saslTexts(options.sasl);
    this.#producer = createKafka(options, this.#sockets, this.#texts).producer({
      allowAutoTopicCreation: options.allowAutoTopicCreation,
      retry: { retries: 0 },
      createPartitioner:
        () =>
        ({ topic: fullTopic, message, partitionMetadata }) => {
          const known = message as KafkaMessage;
          known.partition ??= partitionOf(fullTopic, known.key, partitionMetadata.length);
          return known.partition;
        },
    });
    this.#producer.on(this.#producer.events.REQUEST_TIMEOUT, ({ payload: { broker } }) => {
      this.#break(broker);
    });
  }

  /** Whether another session has to take over. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  connect(): Promise<void> {
    return this.#bounded(this.#producer.connect());
  }

  /**
   * Sends messages of one topic in one request for each broker, and resolves with the place of each message; undefined
   * where the broker reported none. Each message is given its partition by this call.
   */
  async produce(
    fullTopic: string,
    messages: readonly Message[],
  ): Promise<readonly (ProducedRecord | undefined)[]> {
    const timeout = Math.ceil(this.#options.requestTimeoutMs * 0.8); // the broker answers before the request times out
    const sent = messages.map(toKafkaMessage);
    const compression = this.#options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
    const answer = await this.#bounded(
      this.#producer.send({ topic: fullTopic, acks: -1, timeout, compression, messages: sent }),
    );
    return placesOf(answer, sent);
  }

  /** Takes nothing more, and goes once nothing is in flight. */
  retire(): void {
    this.#isRetired = true;
    if (this.#inFlight === 0) void this.close();
  }

  /** Ends the connections; what is in flight fails. Safe to call twice. */
  async close(): Promise<void> {
    this.#isRetired = true;
    this.#sockets.close();
    this.#fail(new InfrastructureError('Kafka: the connection was closed'));
    await this.#producer.disconnect().catch(() => {});
  }

  #break(broker: string): void {
    const reason = `no answer within ${this.#options.requestTimeoutMs} ms`;
    this.#isRetired = true;
    this.#sockets.cut(reason, broker);
    this.#fail(new InfrastructureError(`Kafka at ${broker}: ${reason}`));
  }

  /** What was wrong first is what is told. */
  #fail(error: Error): void {
    this.#broken ??= error;
    for (const fail of this.#failures) fail(this.#broken);
  }

  async #bounded<T>(work: Promise<T>): Promise<T> {
    const { connectTimeoutMs, requestTimeoutMs } = this.#options;
    const limitMs = connectTimeoutMs + 3 * requestTimeoutMs; // to connect, log in, look the topic up, and be answered
    const answer = deferred<T>();
    this.#failures.add(answer.reject);
    if (this.#broken !== undefined) answer.reject(this.#broken);
    work.then(answer.resolve, (error) => answer.reject(this.#texts.cleanError(error)));
    this.#inFlight += 1;
    try {
      return await withDeadline(limitMs, answer.promise, () => {
        this.#break('any broker');
        return answer.promise; // which has just failed
      });
    } finally {
      this.#failures.delete(answer.reject);
      this.#inFlight -= 1;
      if (this.#isRetired && this.#inFlight === 0) void this.close();
    }
  }
}

/** kafkajs reports where the first message of each partition was stored; the others follow in their order. */
function placesOf(
  answer: readonly RecordMetadata[],
  messages: readonly KafkaMessage[],
): readonly (ProducedRecord | undefined)[] {
  const next = new Map<number, bigint>();
  for (const { partition, baseOffset } of answer) next.set(partition, BigInt(baseOffset ?? -1));
  return messages.map(({ partition = -1 }) => {
    const offset = next.get(partition);
    if (offset === undefined) return undefined;
    next.set(partition, offset + 1n);
    return { partition, offset };
  });
}
