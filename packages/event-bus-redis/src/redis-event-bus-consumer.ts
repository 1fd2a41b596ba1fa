import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { avroCodec, bareWireFormat } from '@openedx-ts/events-avro';
import {
  type Delivery,
  EventBusConsumer,
  fullTopicName,
  type Message,
  runtime,
} from '@openedx-ts/events-core/bus';
import { ConsumerGroup } from './consumer-group.js';
import { InHand } from './in-hand.js';
import { LeasedReader } from './lease/leased-reader.js';
import { PendingEntries } from './pending-entries.js';
import { asInfrastructure, RedisConnection, RedisReplyError } from './redis-connection.js';
import {
  type RedisConsumerOptions,
  type ResolvedRedisConsumerOptions,
  resolveConsumerOptions,
} from './redis-options.js';
import { RedisSchemaStore } from './redis-schema-store.js';
import { toEntryFields } from './stream-entry.js';
import { entriesByStream } from './stream-reply.js';
import { TrimWatch } from './watch/trim-watch.js';

/** How much longer than its block a read may take, before Redis counts as frozen. */
const BLOCK_GRACE_MS = 3_000;

/**
 * Consumes from Redis Streams, as one member of a group. It reads its own unfinished entries first, then new ones, and
 * takes over what other members left unfinished for `claimIdleMs`. A group that exists is never moved.
 */
export class RedisEventBusConsumer extends EventBusConsumer {
  readonly #options: ResolvedRedisConsumerOptions;
  readonly #streams: readonly string[];
  readonly #consumerName: string;
  /** Blocking reads hold up whatever else is on their connection, so they have one of their own. */
  readonly #reading: RedisConnection;
  readonly #connection: RedisConnection;
  readonly #schemas: RedisSchemaStore;
  readonly #group: ConsumerGroup;
  readonly #pending: PendingEntries;
  readonly #watch: TrimWatch;
  /** Undefined when all members of the group work at once. */
  readonly #leased: LeasedReader | undefined;
  readonly #crashed = new AbortController();
  readonly #inHand = new InHand(this.#crashed.signal);
  readonly #paused = new Set<string>();
  /** Fires when nothing is in hand any more. */
  readonly #left = new AbortController();
  #keeping: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(given: RedisConsumerOptions) {
    const options = resolveConsumerOptions(given);
    const connection = new RedisConnection({ ...options, clientName: 'openedx-events-consumer' });
    const { topicPrefix, commandTimeoutMs: deadlineMs } = options;
    const schemas = new RedisSchemaStore(connection, topicPrefix, deadlineMs);
    super({ codec: options.codec ?? avroCodec(), wireFormat: bareWireFormat({ schemas }), options });
    this.#options = options;
    this.#streams = options.topics.map((topic) => fullTopicName(topic, topicPrefix));
    this.#consumerName = options.consumerName ?? `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    this.#connection = connection;
    this.#schemas = schemas;
    this.#reading = new RedisConnection({ ...options, clientName: 'openedx-events-reader' });
    const { groupId, startFrom } = options;
    this.#group = new ConsumerGroup({
      ...{ connection, groupId, startFrom, deadlineMs },
      onHealed: (stream) => this.#watch.forget(stream),
    });
    this.#pending = new PendingEntries({
      ...{ connection, groupId, consumerName: this.#consumerName, deadlineMs },
      isInHand: (stream, id) => this.#inHand.has(stream, id),
      fenced: (stream, command) => this.#leased?.fenced(stream, command) ?? command,
    });
    const { streamMaxLength: maxLength, trimWarningRatio: warningRatio } = options;
    this.#watch = new TrimWatch({ connection, groupId, deadlineMs, maxLength, warningRatio });
    if (options.singleActive) this.#leased = this.#leasedReader();
  }

  /** Ends as if the process had died: what is in hand is neither finished nor acknowledged, and others take it over. */
  async crash(): Promise<void> {
    this.#crashed.abort();
    this.#leased?.abandon();
    await this.release();
    await this.close();
  }

  protected async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    await this.#schemas.probe();
    for (const stream of this.#streams) await this.#group.create(stream);
    this.#keeping ??= this.#keepInHand(this.#left.signal);
    yield [];
    while (!abortSignal.aborted) {
      try {
        yield* this.#leased?.read(abortSignal) ?? this.#read(abortSignal);
      } catch (error) {
        if (abortSignal.aborted) return;
        if (!(error instanceof RedisReplyError)) throw error;
        if (error.code !== 'NOGROUP') throw asInfrastructure(error);
        for (const stream of this.#streams) await this.#group.heal(stream);
      }
    }
  }

  protected async acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
    const ids = this.#inHand.idsOf(lane, ordinals);
    if (ids.length === 0) return; // the stream is another member's by now
    await this.#connection.call(
      ['XACK', lane, this.#options.groupId, ...ids],
      this.#options.commandTimeoutMs,
    );
    this.#inHand.finish(lane, ordinals);
    this.#group.acknowledged(lane, ids.at(-1));
  }

  protected async publishDeadLetter(message: Message): Promise<void> {
    const command = ['XADD', message.topic, '*', ...toEntryFields(message)];
    await this.#connection.call(command, this.#options.commandTimeoutMs);
  }

  protected override async countExclusive(lane: string, ordinal: number, isBegun: boolean): Promise<void> {
    const held = this.#inHand.countOf(lane, ordinal);
    if (held === undefined) return;
    const count = isBegun ? held.count : held.count - 1;
    if (!(await this.#pending.setCount(lane, { ...held, count }))) this.#leased?.lose(lane);
  }

  protected override pause(lane: string): void {
    this.#paused.add(lane);
  }

  protected override resume(lane: string): void {
    this.#paused.delete(lane);
  }

  protected override mayHandle(lane: string): boolean {
    return this.#leased?.mayHandle(lane) ?? true;
  }

  /** What was begun elsewhere must not wait for `claimIdleMs`: the next member takes it over at once, and first. */
  protected override async leave(): Promise<void> {
    this.#left.abort();
    await this.#keeping;
    if (this.#crashed.signal.aborted) return;
    for (const stream of this.#streams) {
      await this.#pending
        .handOver(stream, this.#inHand.counted(stream), this.#options.claimIdleMs)
        .catch((error) => {
          const { groupId } = this.#options;
          runtime().logger.warn({ err: error, stream, groupId }, 'unfinished entries wait for claimIdleMs');
        });
    }
    await this.#leased?.release();
  }

  protected async release(): Promise<void> {
    this.#left.abort();
    this.#leased?.abandon();
    await Promise.all([this.#reading.close(), this.#connection.close()]);
  }

  /** First what this member left unfinished, then what is new, and now and then what others left behind. */
  async *#read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    for (const stream of this.#streams) await this.#watch.look(stream);
    for (const stream of this.#streams) yield* this.#ownPending(stream, abortSignal);
    let claimAt = 0;
    while (!abortSignal.aborted) {
      if (runtime().clock.monotonic() >= claimAt) {
        for (const stream of this.#streams) yield* this.#claimed(stream, abortSignal);
        claimAt = runtime().clock.monotonic() + this.#options.claimEveryMs;
      }
      yield await this.#readNew(abortSignal);
    }
  }

  /** What this member read before and has not finished: of an earlier life, if its name is given by hand. */
  async *#ownPending(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    let after: string | undefined;
    while (!abortSignal.aborted) {
      const { list, deliveries } = await this.#inHand.takeListed(stream, () =>
        this.#pending.own(stream, after, this.#options.batchSize),
      );
      if (list.last === undefined) return;
      after = list.last;
      this.#watch.readAgain(stream, list.entries);
      yield deliveries;
    }
  }

  /** All that can be taken over now, page by page: a member that died may have left a thousand entries. */
  async *#claimed(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { claimIdleMs, batchSize } = this.#options;
    let isLast = false;
    while (!isLast && !abortSignal.aborted && !this.#paused.has(stream)) {
      const { list, deliveries } = await this.#inHand.takeListed(stream, () =>
        this.#pending.claim(stream, claimIdleMs, batchSize),
      );
      isLast = list?.isLast ?? true;
      yield deliveries;
    }
  }

  async #readNew(abortSignal: AbortSignal): Promise<readonly Delivery[]> {
    const { blockMs, batchSize, groupId } = this.#options;
    const streams = this.#streams.filter((stream) => !this.#paused.has(stream));
    if (streams.length === 0) {
      await runtime().clock.sleep(Math.min(blockMs, 100), abortSignal);
      return [];
    }
    const reading = ['XREADGROUP', 'GROUP', groupId, this.#consumerName, 'COUNT', String(batchSize)];
    const command = [...reading, 'BLOCK', String(blockMs), 'STREAMS', ...streams, ...streams.map(() => '>')];
    const stop = () => void this.#reading.interrupt();
    abortSignal.addEventListener('abort', stop, { once: true });
    try {
      const reply = await this.#reading.call(command, blockMs + BLOCK_GRACE_MS);
      const read = entriesByStream(reply);
      for (const [stream, { entries }] of read) this.#watch.read(stream, entries);
      for (const [stream, { trimmed }] of read) await this.#pending.forget(stream, trimmed);
      return read.flatMap(([stream, { entries }]) => this.#inHand.takeNew(stream, entries));
    } finally {
      abortSignal.removeEventListener('abort', stop);
    }
  }

  /**
   * Shows the others that what this member holds is being worked on, however long it takes; also while nothing is read,
   * because too much is in hand.
   */
  async #keepInHand(abortSignal: AbortSignal): Promise<void> {
    for (;;) {
      await runtime().clock.sleep(this.#options.claimEveryMs, abortSignal);
      if (abortSignal.aborted) return;
      for (const stream of this.#streams) {
        // A broker that is away is noticed, and said, by who reads.
        if (!this.#leased) await this.#pending.touch(stream, this.#inHand.ids(stream)).catch(() => {});
        await this.#watch.look(stream);
      }
    }
  }

  #leasedReader(): LeasedReader {
    const { groupId, leaseMs, blockMs, batchSize, commandTimeoutMs: deadlineMs } = this.#options;
    return new LeasedReader({
      ...{ groupId, leaseMs, blockMs, batchSize, deadlineMs, blockGraceMs: BLOCK_GRACE_MS },
      ...{ streams: this.#streams, consumerName: this.#consumerName },
      token: `${this.#consumerName} ${randomUUID()}`,
      ...{ connection: this.#connection, reading: this.#reading, pending: this.#pending },
      ...{ inHand: this.#inHand, watch: this.#watch },
      isPaused: (stream) => this.#paused.has(stream),
      onLost: (stream) => {
        this.#paused.delete(stream);
        void this.drainLane(stream);
      },
    });
  }
}
