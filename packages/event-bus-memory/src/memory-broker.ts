import { crc32 } from 'node:zlib';
import { InfrastructureError, ProduceFailedError } from '@openedx-ts/events-core';
import { type Message, messageBytes, runtime } from '@openedx-ts/events-core/bus';
import { type JoinOptions, MemoryGroup } from './memory-group.js';
import type { MemoryMember } from './memory-member.js';
import { MemorySchemaRegistry } from './memory-schema-registry.js';
import { MemoryTopic, type StoredMessage } from './memory-topic.js';

/** How a `MemoryBroker` lays out and keeps its topics. */
export interface MemoryBrokerOptions {
  /** Partitions of a new topic. @defaultValue 4 */
  readonly partitions?: number;
  /** Messages a partition keeps once every group that reads its topic has handled them. @defaultValue 10000 */
  readonly retainedMessages?: number;
  /**
   * Largest message in bytes, its key and headers included, as brokers have one; larger ones are refused.
   * @defaultValue Infinity
   */
  readonly maxMessageBytes?: number;
}

/**
 * A broker in this process: topics with partitions, consumer groups with committed positions, redelivery, and a schema
 * registry. It keeps what Kafka keeps, for as long as the process lives. Producers and consumers that are given the
 * same broker see the same topics; `defaultMemoryBroker()` is the one that `EVENT_BUS=memory` uses.
 */
export class MemoryBroker {
  readonly schemas = new MemorySchemaRegistry();
  readonly #options: Required<MemoryBrokerOptions>;
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #watchers = new Set<() => void>();
  #isRunning = true;
  #unkeyed = 0;

  constructor(options: MemoryBrokerOptions = {}) {
    const defaults = { partitions: 4, retainedMessages: 10_000, maxMessageBytes: Infinity };
    this.#options = { ...defaults, ...options };
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The largest message that the broker accepts, in bytes; `Infinity` for any. */
  get maxMessageBytes(): number {
    return this.#options.maxMessageBytes;
  }

  /** Messages that a partition keeps once every group that reads its topic has handled them. */
  get retainedMessages(): number {
    return this.#options.retainedMessages;
  }

  /** The full names of all topics, dead-letter topics included; for tests and tools. */
  get topicNames(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** Returns all messages of a topic, by partition and in order; for tests and tools. */
  messages(fullTopic: string): readonly StoredMessage[] {
    return this.#topics.get(fullTopic)?.partitions.flatMap((partition) => partition.messages) ?? [];
  }

  /** Makes the broker unreachable until `start()`: sends, acknowledgements and new consumers fail, and nothing arrives. */
  stop(): void {
    this.#isRunning = false;
    this.#wakeWatchers();
  }

  /** Makes the broker reachable again. What was stored is still there. */
  start(): void {
    this.#isRunning = true;
    for (const group of this.#groups.values()) group.wake();
  }

  /**
   * Stores a message and returns its position. For buses and tests; applications send events.
   *
   * @throws ProduceFailedError when it is larger than `maxMessageBytes`
   */
  append(message: Message): string {
    this.mustRun();
    const { maxMessageBytes } = this;
    const size = Number.isFinite(maxMessageBytes) ? messageBytes(message) : 0;
    if (size > maxMessageBytes) {
      const reason = `it takes ${size} bytes, and maxMessageBytes is ${maxMessageBytes}`;
      throw new ProduceFailedError(message.topic, reason, { retryable: false, isTooLarge: true });
    }
    const topic = this.topic(message.topic);
    const partition = this.#partitionFor(message.key, topic.partitionCount);
    const offset = topic.append(partition, message, runtime().clock.now());
    if (topic.isLong(partition, this.retainedMessages)) this.trim(message.topic, partition);
    for (const group of this.#groups.values()) group.wake(message.topic);
    this.#wakeWatchers();
    return `${partition}:${offset}`;
  }

  /** Adds a member to a group and assigns partitions to it. */
  join(groupId: string, member: MemoryMember, options: JoinOptions): Promise<void> {
    this.mustRun();
    const group = this.#groups.get(groupId) ?? this.makeGroup(groupId);
    return group.join(member, options);
  }

  /** Returns a group; undefined when it was neither joined nor created. */
  findGroup(groupId: string): MemoryGroup | undefined {
    return this.#groups.get(groupId);
  }

  /** The names of all groups. */
  get groupIds(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /** Creates a group without members. */
  makeGroup(groupId: string): MemoryGroup {
    const group = new MemoryGroup(this, groupId);
    this.#groups.set(groupId, group);
    return group;
  }

  /** Whether there is a topic of that name. */
  hasTopic(fullTopic: string): boolean {
    return this.#topics.has(fullTopic);
  }

  /** Returns a topic, which is created on first use. */
  topic(fullTopic: string): MemoryTopic {
    let topic = this.#topics.get(fullTopic);
    if (topic === undefined) {
      topic = new MemoryTopic(fullTopic, this.#options.partitions);
      this.#topics.set(fullTopic, topic);
      for (const group of this.#groups.values()) group.topicMade(topic);
    }
    return topic;
  }

  /**
   * Deletes what every group of the topic has handled, beyond `retainedMessages`. Called after commits, and for long
   * partitions.
   */
  trim(fullTopic: string, partition: number): void {
    const committed = Array.from(this.#groups.values(), (group) => group.committed(fullTopic, partition));
    const handled = committed.filter((offset) => offset !== undefined);
    this.topic(fullTopic).trim(partition, Math.min(...handled), this.#options.retainedMessages);
  }

  /** Resolves when a message is stored, the broker stops, or the signal fires. */
  nextChange(abortSignal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done);
        abortSignal.removeEventListener('abort', done);
        resolve();
      };
      if (abortSignal.aborted) return done();
      this.#watchers.add(done);
      abortSignal.addEventListener('abort', done, { once: true });
    });
  }

  /** @throws InfrastructureError while stopped */
  mustRun(): void {
    if (!this.#isRunning) throw new InfrastructureError('the memory broker is stopped: call start()');
  }

  #wakeWatchers(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** As the Kafka producers of Python do: CRC-32 of the framed key; messages without a key go to each partition in turn. */
  #partitionFor(key: Uint8Array | null, partitions: number): number {
    if (key === null || key.length === 0) {
      this.#unkeyed += 1;
      return this.#unkeyed % partitions;
    }
    return crc32(key) % partitions;
  }
}

/** The broker that all parts of this process share, also across copies of this package. */
export function defaultMemoryBroker(): MemoryBroker {
  const holder = globalThis as { [key]?: MemoryBroker };
  holder[key] ??= new MemoryBroker();
  return holder[key];
}

const key = Symbol.for('@openedx-ts/event-bus-memory/default-broker');
