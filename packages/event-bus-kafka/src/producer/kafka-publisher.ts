import { setMaxListeners } from 'node:events';
import { EventsError, ProduceFailedError } from '@openedx-ts/events-core';
import type { Message, PublishOutcome } from '@openedx-ts/events-core/bus';
import type { Compression } from '../driver/compression/compression.js';
import { kafkaError } from '../driver/kafka-error.js';
import { ProducerSession, type ProducerSessionOptions } from '../driver/producer-session.js';
import { sizeOfMessage } from '../driver/protocol/size-of-message.js';
import { recordCompression } from '../driver/record-compression.js';
import { groupBy } from '../runtime/group-by.js';
import { CurrentSession } from './current-session.js';
import { isFinal } from './is-retryable.js';
import { notSent } from './not-sent.js';
import type { OpenBatch } from './open-batch.js';
import type { PartitionProducer } from './partition-producer.js';
import { type Partitioner, partitionerOf } from './partitioner.js';
import { partitionsOfTopic } from './partitions-of-topic.js';
import { ProducerIdentity } from './producer-identity.js';
import { PublishCall, type ReportOutcome } from './publish-call.js';
import { publishError } from './publish-error.js';
import { PublishedTopics } from './published-topics.js';

export interface KafkaPublisherOptions extends ProducerSessionOptions {
  readonly partitioner: 'crc32' | 'murmur2';
  /** Of a message, and of what is sent together. */
  readonly maxMessageBytes: number;
  /** How long a message is worth trying; of the producer. */
  readonly deliveryTimeoutMs?: number;
  /** Whether brokers compare batches with those that they have stored. @defaultValue true */
  readonly idempotent?: boolean;
  /** Of each batch. @defaultValue 'none' */
  readonly compression?: Compression;
  /** How many topics are known before idle ones are forgotten. @defaultValue 1000 */
  readonly keptTopics?: number;
}

/**
 * Publishes messages as they are, for producers and dead letters. A message is accepted when all replicas in sync have
 * it. It connects on first use, and again after a connection was lost.
 */
export class KafkaPublisher {
  readonly #options: KafkaPublisherOptions;
  readonly #partitioner: Partitioner;
  readonly #session: CurrentSession;
  readonly #openBatches = new WeakMap<Message, OpenBatch>();
  readonly #topics: PublishedTopics;

  /** @param openSession opens the connections; a test may give others */
  constructor(
    options: KafkaPublisherOptions,
    openSession: () => ProducerSession = () => new ProducerSession(options),
  ) {
    this.#options = options;
    this.#partitioner = partitionerOf(options.partitioner);
    this.#session = new CurrentSession(openSession);
    const { compression = 'none', allowAutoTopicCreation, deliveryTimeoutMs, keptTopics } = options;
    const ofPartitions = {
      session: this.#session,
      identity: new ProducerIdentity(options.idempotent ?? true),
      openBatches: this.#openBatches,
      compression: recordCompression(compression),
      allowAutoTopicCreation,
      deliveryTimeoutMs,
    };
    this.#topics = new PublishedTopics(ofPartitions, keptTopics);
  }

  /**
   * Connects ahead of the first message.
   *
   * @throws KafkaAccessError, InfrastructureError
   */
  async connect(): Promise<void> {
    const connecting = this.#session.get();
    try {
      await connecting;
    } catch (thrown) {
      this.#session.replace(connecting);
      throw EventsError.is(thrown) ? thrown : kafkaError(thrown, 'Kafka cannot be connected to');
    }
  }

  /**
   * Publishes messages of one topic, in order, and returns for each whether it was accepted, and where it lies:
   * `<partition>:<offset>`, with the offset -1 where Kafka stored it and no longer knows where. A partition that fails
   * holds up no other. Nothing more of a partition is sent after a failure that may pass, and nothing more of a key after
   * one that is final, so that the order of each key holds.
   *
   * A message that failed with an `OutcomeUnknownError` and is given again as the same object is stored once.
   *
   * @param report called with the outcomes of each partition as soon as they are known. @defaultValue none
   */
  async publish(
    messages: readonly Message[],
    abortSignal?: AbortSignal,
    report?: ReportOutcome,
  ): Promise<readonly PublishOutcome[]> {
    if (abortSignal !== undefined) setMaxListeners(0, abortSignal); // each partition listens
    const call = new PublishCall(messages, abortSignal, report);
    const fullTopic = messages[0]?.topic ?? '';
    this.#topics.enter(fullTopic);
    try {
      this.#settleOpen(call);
      for (const places of this.#chunksOf(call)) await this.#publishChunk(places, call);
      await call.done();
      return call.outcomes;
    } finally {
      this.#topics.leave(fullTopic);
    }
  }

  /** The partition of a message with a key; undefined without one, or before the topic was looked up. */
  partitionOf({ topic, key }: Message): number | undefined {
    const count = this.#topics.partitionCount(topic);
    if (count === undefined || key === null || key.length === 0) return undefined;
    return this.#partitioner(key, count);
  }

  /** Ends the connections; what is in flight fails. Safe to call twice. */
  close(): Promise<void> {
    return this.#session.close();
  }

  /** Starts to find out what became of messages whose last answer is missing, before others of their partitions. */
  #settleOpen(call: PublishCall): void {
    const open = new Map<OpenBatch, number[]>();
    for (const [place, message] of call.messages.entries()) {
      const batch = this.#openBatches.get(message);
      if (batch === undefined) continue;
      open.set(batch, [...(open.get(batch) ?? []), place]);
      call.settling.set(place, batch.partition);
    }
    for (const [batch, places] of open) {
      const { partition, messages } = batch;
      const of = this.#topics.partition(messages[0]?.topic ?? '', partition);
      call.next(partition, places, async () => {
        const outcome = await of.settle(batch, call.abortSignal);
        for (const place of places)
          call.note(place, outcome, partition, messages.indexOf(call.message(place)));
        if ('error' in outcome && batch.outcome === undefined) call.stopped.set(partition, outcome.error);
      });
    }
  }

  /** What may be sent together, of what has no outcome yet. */
  *#chunksOf(call: PublishCall): Generator<readonly number[]> {
    const { maxMessageBytes } = this.#options;
    let chunk: number[] = [];
    let chunkBytes = 0;
    for (const [place, message] of call.messages.entries()) {
      if (call.settling.has(place)) continue;
      const size = sizeOfMessage(message);
      if (chunk.length > 0 && chunkBytes + size > maxMessageBytes) {
        yield chunk;
        chunk = [];
        chunkBytes = 0;
      }
      if (size > maxMessageBytes) {
        if (call.attempted([place]).length > 0)
          call.fail(place, oversize(message.topic, size, maxMessageBytes));
        call.report([place]);
        continue;
      }
      chunk.push(place);
      chunkBytes += size;
    }
    if (chunk.length > 0) yield chunk;
  }

  async #publishChunk(places: readonly number[], call: PublishCall): Promise<void> {
    const { topic: fullTopic } = call.message(places[0] as number);
    const { allowAutoTopicCreation, deliveryTimeoutMs } = this.#options;
    const { abortSignal } = call;
    try {
      if (call.failure !== undefined) throw call.failure;
      const options = { allowAutoTopicCreation, deliveryTimeoutMs, abortSignal };
      const leaders = await partitionsOfTopic(this.#session, fullTopic, options);
      const available = [...leaders.keys()].filter(
        (partition) => leaders[partition] !== -1 && !call.stopped.has(partition),
      );
      this.#topics.setPartitionCount(fullTopic, leaders.length);
      const partitionOf = (place: number) =>
        this.#partitioner(call.message(place).key, leaders.length, available);
      // Partitions were added: a key may have moved from the partition of a message that is being settled.
      if ([...call.settling].some(([place, partition]) => partitionOf(place) !== partition))
        await call.done();
      for (const [partition, ofPartition] of groupBy(places, partitionOf)) {
        const to = this.#topics.partition(fullTopic, partition);
        call.next(partition, ofPartition, () => this.#publishTo(to, ofPartition, call));
      }
    } catch (thrown) {
      call.failure = publishError(thrown, { fullTopic, deliveryTimeoutMs });
      for (const place of places) call.fail(place, call.failure);
      call.report(places);
    }
  }

  async #publishTo(to: PartitionProducer, places: readonly number[], call: PublishCall): Promise<void> {
    const attempted = call.attempted(places);
    if (attempted.length === 0) return;
    const { partition } = to;
    const stopped = call.stopped.get(partition);
    const outcome =
      stopped === undefined
        ? await to.publish(
            attempted.map((place) => call.message(place)),
            call.abortSignal,
          )
        : { error: notSent(stopped) };
    if ('error' in outcome && attempted.length > 1 && isRefusal(outcome.error)) {
      const middle = Math.ceil(attempted.length / 2); // to find out which message is to blame
      await this.#publishTo(to, attempted.slice(0, middle), call);
      await this.#publishTo(to, attempted.slice(middle), call);
      return;
    }
    if ('error' in outcome && !isFinal(outcome.error)) call.stopped.set(partition, outcome.error);
    for (const [index, place] of attempted.entries()) call.note(place, outcome, partition, index);
  }
}

/** Whether the broker refused messages for good, and stored none. */
function isRefusal(error: Error): boolean {
  return error instanceof ProduceFailedError && isFinal(error) && error.outcome === 'refused';
}

function oversize(topic: string, size: number, limit: number): ProduceFailedError {
  const reason = `it takes ${size} bytes, and maxMessageBytes is ${limit}`;
  return new ProduceFailedError(topic, reason, { retryable: false, isTooLarge: true });
}
