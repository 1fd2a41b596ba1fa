import { InfrastructureError, ProduceFailedError } from '@openedx-ts/events-core';
import { deferred, type Message, OutcomeUnknownError, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import { kafkaErrorType } from '../driver/kafka-error.js';
import type { ProducerSession } from '../driver/producer-session.js';
import {
  encodeRecordBatch,
  type RecordCompression,
  withSequence,
} from '../driver/protocol/encode-record-batch.js';
import type { ProducerId } from '../driver/protocol/init-producer-id.js';
import { type AnswerKind, answerKind } from './answer-kind.js';
import type { CurrentSession } from './current-session.js';
import { isBeingCreated } from './is-being-created.js';
import { isOfOtherCluster } from './is-of-other-cluster.js';
import { isRetryable } from './is-retryable.js';
import { notSent } from './not-sent.js';
import type { BatchOutcome, OpenBatch } from './open-batch.js';
import { orAborted } from './or-aborted.js';
import type { ProducerIdentity } from './producer-identity.js';
import type { ProducerSequence } from './producer-sequence.js';
import { publishError } from './publish-error.js';
import { sequenceAfter } from './sequence-after.js';
import { whileBeingCreated } from './while-being-created.js';
import { withLeader } from './with-leader.js';

/** What the partitions of a producer have in common. */
export interface PartitionProducerOptions {
  readonly session: CurrentSession;
  readonly identity: ProducerIdentity;
  /** Batches that wait until it is known what became of them, by message. */
  readonly openBatches: WeakMap<Message, OpenBatch>;
  readonly compression: RecordCompression | undefined;
  readonly allowAutoTopicCreation: boolean;
  /** In milliseconds; undefined when messages are retried without a limit. */
  readonly deliveryTimeoutMs: number | undefined;
}

/**
 * Produces to one partition, a batch after the other. A batch whose answer is missing is sent again as it is, before any
 * other, so that the broker recognises it: each batch is stored once, and in order. The sequence number moves on only with
 * a batch that is stored.
 */
export class PartitionProducer {
  readonly #fullTopic: string;
  readonly partition: number;
  readonly #options: PartitionProducerOptions;
  #sequence: ProducerSequence | undefined;
  #open: OpenBatch | undefined;
  #isProven = false;
  #last: Promise<void> = Promise.resolve();

  constructor(fullTopic: string, partition: number, options: PartitionProducerOptions) {
    this.#fullTopic = fullTopic;
    this.partition = partition;
    this.#options = options;
  }

  /** Whether no batch waits until it is known what became of it. */
  get isSettled(): boolean {
    return this.#open === undefined || this.#isAbandoned(this.#open);
  }

  /** Stores messages as one batch. An error with `mayBeAccepted` leaves the batch open, for `settle`. Does not reject. */
  publish(messages: readonly Message[], abortSignal: AbortSignal | undefined): Promise<BatchOutcome> {
    return this.#inTurn(abortSignal, async () => {
      const open = this.#open;
      if (open !== undefined) {
        const outcome = this.#isAbandoned(open) ? this.#drop(open) : await this.#send(open, abortSignal);
        if (this.#open !== undefined && 'error' in outcome) throw outcome.error;
      }
      return this.#send(await this.#newBatch(messages, abortSignal), abortSignal);
    });
  }

  /** Sends an open batch again. Does not reject. */
  settle(batch: OpenBatch, abortSignal: AbortSignal | undefined): Promise<BatchOutcome> {
    return this.#inTurn(abortSignal, async () => batch.outcome ?? this.#send(batch, abortSignal));
  }

  async #inTurn(
    abortSignal: AbortSignal | undefined,
    work: () => Promise<BatchOutcome>,
  ): Promise<BatchOutcome> {
    const before = this.#last;
    const done = deferred();
    this.#last = before.then(() => done.promise);
    try {
      await orAborted(before, abortSignal);
      return await work();
    } catch (error) {
      return { error: notSent(this.#error(error)) };
    } finally {
      done.resolve();
    }
  }

  async #newBatch(messages: readonly Message[], abortSignal: AbortSignal | undefined): Promise<OpenBatch> {
    const sequence = this.#sequence ?? (await this.#startSequence(abortSignal));
    this.#sequence = sequence;
    const { clock } = runtime();
    const header = { timestamp: clock.now(), ...sequence };
    const bytes = await encodeRecordBatch(messages, header, this.#options.compression);
    const encodedAt = clock.monotonic();
    return { partition: this.partition, messages, bytes, sequence, mayBeStored: false, encodedAt };
  }

  /**
   * Sends a batch, again under another epoch where its leader has lost count, and under another id in another cluster, which
   * cannot have it; and notes what became of it.
   */
  async #send(batch: OpenBatch, abortSignal: AbortSignal | undefined): Promise<BatchOutcome> {
    let found = await this.#tryOnceCreated(batch, abortSignal);
    const isElsewhere = found.kind === 'otherCluster';
    if (isElsewhere || (found.kind === 'outOfSequence' && !batch.mayBeStored)) {
      if (isElsewhere) this.#startInOtherCluster(batch.sequence);
      else this.#startNextEpoch(batch.sequence);
      batch.sequence = this.#sequence ?? (await this.#startSequence(abortSignal));
      batch.bytes = withSequence(batch.bytes, batch.sequence);
      batch.mayBeStored = false;
      this.#sequence = batch.sequence;
      found = await this.#tryOnceCreated(batch, abortSignal);
    }
    return this.#note(batch, found);
  }

  #note(batch: OpenBatch, found: AnswerKind): BatchOutcome {
    if (found.kind === 'stored') {
      this.#isProven = true;
      this.#sequence = sequenceAfter(batch);
      return this.#settled(batch, { baseOffset: found.baseOffset });
    }
    const cause = 'error' in found ? found.error : new InfrastructureError(OTHER_CLUSTER);
    const error = this.#error(cause);
    if (!batch.mayBeStored) return this.#notStored(batch, error);
    if (found.kind === 'outOfSequence' || !isRetryable(error)) return this.#drop(batch, error);
    this.#open = batch;
    for (const message of batch.messages) this.#options.openBatches.set(message, batch);
    return { error: new OutcomeUnknownError(error.message, { cause }) };
  }

  /** Its messages are sent in other batches from now on, and its number is used again. */
  #notStored(batch: OpenBatch, error: Error): BatchOutcome {
    for (const message of batch.messages) this.#options.openBatches.delete(message);
    return this.#settled(batch, { error });
  }

  /** Never sends a batch again although it may be stored: its number must not be used for another batch either. */
  #drop(batch: OpenBatch, cause?: Error): BatchOutcome {
    if (this.#sequence === batch.sequence) this.#startNextEpoch(batch.sequence);
    const reason = cause === undefined ? 'its answer is missing' : reasonOf(cause);
    const options = { retryable: false, outcome: 'unknown', cause } as const;
    return this.#settled(batch, { error: new ProduceFailedError(this.#fullTopic, reason, options) });
  }

  #settled(batch: OpenBatch, outcome: BatchOutcome): BatchOutcome {
    if (this.#open === batch) this.#open = undefined;
    batch.outcome = outcome;
    batch.bytes = Buffer.alloc(0);
    return outcome;
  }

  /** The senders of its messages got their errors when their time was up. */
  #isAbandoned({ encodedAt }: OpenBatch): boolean {
    const { deliveryTimeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    return runtime().clock.monotonic() - encodedAt > deliveryTimeoutMs;
  }

  #startInOtherCluster(sequence: ProducerSequence): void {
    if (this.#sequence === sequence) this.#startWithOtherId(sequence);
    this.#isProven = false; // the topic may not exist there
  }

  #startWithOtherId(sequence: ProducerSequence): void {
    this.#options.identity.replace(sequence);
    this.#sequence = undefined;
  }

  /** A broker accepts the number 0 with each epoch that is higher than the last that the partition has seen. */
  #startNextEpoch(sequence: ProducerSequence): void {
    const { producerId, producerEpoch } = sequence;
    if (producerId < 0n) return;
    if (producerEpoch === MAX_EPOCH) this.#startWithOtherId(sequence);
    else this.#sequence = { ...sequence, producerEpoch: producerEpoch + 1, baseSequence: 0 };
  }

  async #startSequence(abortSignal: AbortSignal | undefined): Promise<ProducerSequence> {
    const { identity, deliveryTimeoutMs } = this.#options;
    const fetch = () =>
      this.#withLeader(abortSignal, async (session, leader) => {
        const id = await session.initProducerId(leader);
        return { ...id, clusterId: session.clusterId };
      });
    return identity.start(() =>
      whileBeingCreated(fetch, hasNoIdsYet, { deliveryTimeoutMs, abortSignal, limitMs: IDS_LIMIT_MS }),
    );
  }

  /** A partition of a topic that is being created is ready a moment later than others. */
  #tryOnceCreated(batch: OpenBatch, abortSignal: AbortSignal | undefined): Promise<AnswerKind> {
    if (this.#isProven || !this.#options.allowAutoTopicCreation) return this.#try(batch, abortSignal);
    const { deliveryTimeoutMs } = this.#options;
    const isCreating = (found: AnswerKind) => 'error' in found && isBeingCreated(kafkaErrorType(found.error));
    const options = { deliveryTimeoutMs, abortSignal };
    return whileBeingCreated(() => this.#try(batch, abortSignal), isCreating, options);
  }

  async #try(batch: OpenBatch, abortSignal: AbortSignal | undefined): Promise<AnswerKind> {
    const found = await this.#answerTo(batch, abortSignal);
    if (found.kind === 'unknown') batch.mayBeStored = true;
    return found;
  }

  async #answerTo({ bytes, sequence }: OpenBatch, abortSignal: AbortSignal | undefined): Promise<AnswerKind> {
    const toProduce = { topic: this.#fullTopic, partition: this.partition, bytes };
    let wasSent = false;
    try {
      return await this.#withLeader(abortSignal, async (session, leader): Promise<AnswerKind> => {
        if (isOfOtherCluster(sequence, session)) return { kind: 'otherCluster' };
        wasSent = true;
        return answerKind(await session.produce(leader, toProduce));
      });
    } catch (error) {
      return { kind: wasSent ? 'unknown' : 'refused', error };
    }
  }

  #withLeader<T extends object>(
    abortSignal: AbortSignal | undefined,
    use: (session: ProducerSession, leader: number) => Promise<T>,
  ): Promise<T> {
    const [fullTopic, { partition }] = [this.#fullTopic, this];
    return withLeader(this.#options.session, { fullTopic, partition, abortSignal }, use);
  }

  #error(thrown: unknown): Error {
    const { deliveryTimeoutMs } = this.#options;
    return publishError(thrown, { fullTopic: this.#fullTopic, partition: this.partition, deliveryTimeoutMs });
  }
}

const COORDINATOR_LOAD_IN_PROGRESS = 14;
/** A broker that has just started asks the controller for a block of ids. */
const IDS_LIMIT_MS = 5_000;
const MAX_EPOCH = 32_767;

function hasNoIdsYet({ errorCode }: ProducerId): boolean {
  return errorCode === COORDINATOR_LOAD_IN_PROGRESS;
}

const OTHER_CLUSTER = 'Kafka: another cluster answers at the addresses of the one before';
