import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { avroCodec, bareWireFormat } from '@openedx-ts/events-avro';
import type { Health } from '@openedx-ts/events-core';
import {
  combineHealth,
  type Delivery,
  EventBusConsumer,
  fullTopicName,
  type Message,
  retryTopic,
} from '@openedx-ts/events-core/bus';
import { openRedis } from '../driver/open-redis.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { keyRefusal, refusalIn, throwWaiting } from '../driver/redis-reply-error.js';
import { Acknowledger } from '../group/acknowledger.js';
import { ConsumerGroup } from '../group/consumer-group.js';
import { GroupMembers } from '../group/group-members.js';
import { OwnPendingEntries } from '../group/own-pending-entries.js';
import { PendingEntries } from '../group/pending-entries.js';
import {
  type RedisConsumerOptions,
  type ResolvedRedisConsumerOptions,
  resolveConsumerOptions,
} from '../options/redis-options.js';
import { RedisSchemaStore } from '../schemas/redis-schema-store.js';
import { toEntryFields } from '../stream/stream-entry.js';
import { TrimWatch } from '../watch/trim-watch.js';
import { interruptedWhenSilent } from './interrupted-when-silent.js';
import { leaveGroup } from './leave-group.js';
import { maintainGroup } from './maintain-group.js';
import { NamesakeWarning } from './namesake-warning.js';
import { SlotReaders } from './slot-readers.js';

/**
 * Consumes from Redis Streams, as one member of a group. It processes its own pending entries first, then new ones, and
 * claims entries that other members did not acknowledge within `claimIdleMs`. A group that exists is never moved.
 */
export class RedisEventBusConsumer extends EventBusConsumer {
  readonly #options: ResolvedRedisConsumerOptions;
  readonly #streams: readonly string[];
  /** The stream of each retry topic. */
  readonly #topicOfRetry: ReadonlyMap<string, string>;
  readonly #connection: RedisConnection;
  readonly #schemas: RedisSchemaStore;
  readonly #group: ConsumerGroup;
  readonly #pending: PendingEntries;
  readonly #members: GroupMembers;
  readonly #consumerName: string;
  readonly #watch: TrimWatch;
  readonly #readers: SlotReaders;
  readonly #crashed = new AbortController();
  readonly #ownPending = new OwnPendingEntries(this.#crashed.signal, () => this.#connection.timesOpened);
  readonly #acknowledger: Acknowledger;
  readonly #namesake: NamesakeWarning;
  readonly #paused = new Set<string>();
  /** Fires when no entry is pending any more. */
  readonly #left = new AbortController();
  #maintenance: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(given: RedisConsumerOptions) {
    const options = resolveConsumerOptions(given);
    const connection = openRedis({ ...options, clientName: 'openedx-events-consumer' });
    const { topicPrefix, groupId, startFrom } = options;
    const schemas = new RedisSchemaStore(connection, topicPrefix);
    super({ codec: options.codec ?? avroCodec(), wireFormat: bareWireFormat({ schemas }), options });
    this.#options = options;
    this.#streams = options.topics.map((topic) => fullTopicName(topic, topicPrefix));
    this.#topicOfRetry = new Map(
      this.#streams
        .map((stream) => [retryTopic(stream, groupId), stream] as const)
        .filter(([name]) => !this.#streams.includes(name)),
    );
    this.#connection = connection;
    this.#schemas = schemas;
    const { streamMaxLength: maxLength, trimWarningRatio: warningRatio } = options;
    this.#watch = new TrimWatch({
      ...{ connection, groupId, maxLength, warningRatio },
      isTrimmed: (stream) => !this.#topicOfRetry.has(stream),
      onUnread: (stream, hasUnread) =>
        this.reportUnread(stream, hasUnread && !this.#readers.isRefused(stream) && this.mayHandle(stream)),
    });
    const onRecreated = (stream: string) => {
      this.#watch.forget(stream);
      this.#ownPending.doubt(stream);
    };
    this.#group = new ConsumerGroup({ connection, groupId, startFrom, onRecreated });
    const consumerName = options.consumerName ?? `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    this.#consumerName = consumerName;
    this.#members = new GroupMembers({ connection, groupId });
    const isGiven = options.consumerName !== undefined && !options.singleActive;
    this.#namesake = new NamesakeWarning({
      ...{ members: this.#members, streams: this.#streams, groupId, consumerName, blockMs: options.blockMs },
      isGiven,
    });
    const onAcknowledgedElsewhere = (stream: string) => this.#namesake.acknowledgedElsewhere(stream);
    this.#acknowledger = new Acknowledger({
      ...{ connection, groupId, ownPending: this.#ownPending },
      ...(isGiven && { onAcknowledgedElsewhere }), // it takes a look at each entry
    });
    this.#pending = new PendingEntries({
      ...{ connection, groupId, consumerName, ownPending: this.#ownPending },
      fenced: (stream, command) => this.#readers.fenced(stream, command),
    });
    this.#readers = new SlotReaders({
      ...{ options, consumerName, connection, watch: this.#watch },
      streams: [...this.#streams, ...this.#topicOfRetry.keys()],
      topicOf: (stream) => this.#topicOfRetry.get(stream),
      ...{ pending: this.#pending, ownPending: this.#ownPending },
      createGroup: (stream) => this.#createGroup(stream),
      isPaused: (stream) => this.#paused.has(stream),
      onLost: (stream) => this.#lost(stream),
    });
  }

  override health(): Health {
    const { reasons } = this.#readers;
    return combineHealth([super.health(), { live: true, ready: reasons.length === 0, reasons }]);
  }

  /** Ends as if the process had died: events in flight are neither finished nor acknowledged, and other members claim them. */
  async crash(): Promise<void> {
    this.#crashed.abort();
    this.#readers.abandon();
    await this.release();
    await this.close();
  }

  protected receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    return interruptedWhenSilent(this.#receive(abortSignal), abortSignal, () => {
      void this.#readers.interrupt();
      void this.#connection.interrupt();
    });
  }

  async *#receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    await this.#schemas.probe();
    await this.#readers.open();
    const isFirstTime = this.#maintenance === undefined;
    this.#maintenance ??= this.#maintain();
    yield [];
    if (isFirstTime) await this.#namesake.lookAtStart(abortSignal);
    if (!this.#options.singleActive) await this.#showAtStart();
    yield* this.#readers.read(abortSignal);
  }

  protected async acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
    const last = await this.#acknowledger.acknowledge(lane, ordinals).catch(throwWaiting(keyRefusal));
    if (last !== undefined) this.#group.acknowledged(lane, last);
  }

  /** Redis acknowledges entries one by one. The position of the group does not move: it is behind the oldest that waits. */
  protected override async acknowledgeAhead(lane: string, ordinals: readonly number[]): Promise<void> {
    await this.#acknowledger.acknowledge(lane, ordinals);
  }

  protected async publishDeadLetter(message: Message): Promise<void> {
    await this.#connection
      .call(['XADD', message.topic, '*', ...toEntryFields(message)])
      .catch(throwWaiting(refusalIn));
  }

  protected override async countExclusive(
    lane: string,
    ordinal: number,
    isProcessing: boolean,
  ): Promise<void> {
    const [entry] = this.#ownPending.find(lane, [ordinal]);
    if (entry === undefined) return;
    const count = isProcessing ? entry.count : entry.count - 1;
    if (!(await this.#pending.setCount(lane, { ...entry, count }))) this.#readers.lose(lane);
  }

  protected override pause(lane: string): void {
    this.#paused.add(lane);
  }

  protected override resume(lane: string): void {
    this.#paused.delete(lane);
  }

  protected override mayHandle(lane: string): boolean {
    return this.#readers.mayProcess(lane);
  }

  protected override async leave(): Promise<void> {
    this.#left.abort();
    // What the maintenance has sent on the same connection is executed before.
    if (this.#maintenance === undefined || this.#crashed.signal.aborted) return;
    const { groupId, claimIdleMs } = this.#options;
    const isAnswered = await leaveGroup({
      ...{ groupId, claimIdleMs, consumerName: this.#consumerName },
      streams: this.#readers.groups.flat().filter((stream) => !this.#isMissing(stream)),
      ...{ connection: this.#connection, pending: this.#pending, members: this.#members },
    });
    if (isAnswered) await this.#readers.release();
  }

  protected async release(): Promise<void> {
    this.#left.abort();
    this.#readers.abandon();
    await Promise.all([this.#readers.close(), this.#connection.close()]);
    await this.#maintenance;
  }

  /** Whether a retry topic does not exist, as far as is known. */
  #isMissing(stream: string): boolean {
    return this.#topicOfRetry.has(stream) && !this.#readers.isOpen(stream);
  }

  async #createGroup(stream: string): Promise<boolean> {
    if (this.#topicOfRetry.has(stream)) {
      const isThere = await this.#group.createIfThere(stream);
      if (isThere && !this.#options.singleActive) await this.#members.show(stream, this.#consumerName);
      return isThere;
    }
    await this.#group.create(stream);
    return true;
  }

  /** After the look for namesakes, which would take this member for another process. */
  async #showAtStart(): Promise<void> {
    const shown = this.#streams.map((stream) => this.#members.show(stream, this.#consumerName));
    await Promise.allSettled(shown); // the reader notices an unreachable Redis
  }

  /** Streams of different slots separately: one of them may be on a node that is silent. */
  async #maintain(): Promise<void> {
    const maintained = this.#readers.groups.map((streams) =>
      maintainGroup(
        {
          ...{ options: this.#options, streams, connection: this.#connection },
          ...{ pending: this.#pending, watch: this.#watch, members: this.#members },
          consumerName: this.#consumerName,
          isRetryTopic: (stream) => this.#topicOfRetry.has(stream),
          isMissing: (stream) => this.#isMissing(stream),
        },
        this.#left.signal,
      ),
    );
    await Promise.all(maintained);
  }

  #lost(stream: string): void {
    this.#paused.delete(stream);
    void this.drainLane(stream);
  }
}
