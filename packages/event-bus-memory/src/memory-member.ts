import type { Delivery } from '@openedx-ts/events-core/bus';
import type { MemoryTopic, StoredMessage } from './memory-topic.js';
import { UnreadWatch, type UnreadWatchOptions } from './unread-watch.js';

/** A group as its member sees it. */
export interface GroupOfMember {
  readonly isRunning: boolean;
  commit(member: MemoryMember, topic: string, partition: number, offset: number): void;
  commitAhead(member: MemoryMember, topic: string, partition: number, offsets: readonly number[]): void;
  /** Whether an event was handled, before the committed offset or behind it, so that it must not be delivered again. */
  isHandled(topic: string, partition: number, offset: number): boolean;
  countDelivery(topic: string, partition: number, offset: number): number;
  countExclusive(topic: string, partition: number, offset: number, isProcessing: boolean): void;
  ownedBy(member: MemoryMember): readonly { readonly topic: MemoryTopic; readonly partition: number }[];
  leave(member: MemoryMember): Promise<void>;
  evict(member: MemoryMember): void;
}

/** A consumer as its group sees it: the partitions it has, and how far it has read them. */
export class MemoryMember {
  readonly #drainLane: (lane: string) => Promise<void>;
  readonly #lanes = new Map<string, AssignedLane>();
  readonly #paused = new Set<string>();
  readonly #unread: UnreadWatch;
  #group: GroupOfMember | undefined;
  #wake: (() => void) | undefined;

  constructor(options: {
    readonly drainLane: (lane: string) => Promise<void>;
    /** See `EventBusConsumer.reportUnread`. */
    readonly reportUnread: UnreadWatchOptions['report'];
  }) {
    this.#drainLane = options.drainLane;
    this.#unread = new UnreadWatch({ lanes: () => this.#unreadLanes(), report: options.reportUnread });
  }

  /** Called by the group once the member is in it. */
  joined(group: GroupOfMember): void {
    this.#group = group;
  }

  /** Called by the group: this member reads a partition from now on. */
  assign(topic: MemoryTopic, partition: number, offset: number): void {
    const lane = laneName(topic.name, partition);
    this.#paused.delete(lane); // whoever paused it did so before the partition was elsewhere
    this.#lanes.set(lane, { topic, partition, nextOffset: offset, abort: new AbortController() });
    this.wake();
  }

  /** Called by the group: revokes a partition, after the events in flight were finished and committed. */
  async revoke(topic: string, partition: number): Promise<void> {
    const lane = laneName(topic, partition);
    const assigned = this.#lanes.get(lane);
    if (assigned === undefined) return;
    this.#lanes.delete(lane);
    await this.#drainLane(lane);
    assigned.abort.abort();
  }

  /** Called by the group: all partitions are lost at once, as after a crash; results of events in flight are ignored. */
  lose(): void {
    this.#group = undefined;
    for (const { abort } of this.#lanes.values()) abort.abort();
    this.#lanes.clear();
    this.wake();
  }

  /** The next deliveries of all partitions, or none when there is nothing or the broker is stopped. */
  poll(limitPerLane: number): readonly Delivery[] {
    const group = this.#group;
    if (group === undefined || !group.isRunning) return [];
    return Array.from(this.#lanes).flatMap(([lane, assigned]) =>
      this.#paused.has(lane) ? [] : read(group, lane, assigned, limitPerLane),
    );
  }

  /** Resolves when there may be something to poll, or the signal fires. */
  waitForMessages(abortSignal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#wake = undefined;
        abortSignal.removeEventListener('abort', done);
        resolve();
      };
      if (abortSignal.aborted) return done();
      this.#wake = done;
      abortSignal.addEventListener('abort', done, { once: true });
    });
  }

  wake(): void {
    this.#unread.arrived();
    this.#wake?.();
  }

  /** Stops its timer. */
  close(): void {
    this.#unread.close();
  }

  /** Commits what was handled. Has no effect for a partition that was reassigned. */
  commit(lane: string, ordinals: readonly number[]): void {
    const assigned = this.#lanes.get(lane) ?? this.#draining(lane);
    if (assigned === undefined) return;
    this.#group?.commit(this, assigned.topic.name, assigned.partition, (ordinals.at(-1) ?? -1) + 1);
  }

  /** Notes what was handled behind the committed offset. Has no effect for a partition that was reassigned. */
  commitAhead(lane: string, ordinals: readonly number[]): void {
    const assigned = this.#lanes.get(lane) ?? this.#draining(lane);
    if (assigned !== undefined)
      this.#group?.commitAhead(this, assigned.topic.name, assigned.partition, ordinals);
  }

  /** Counts a delivery that is processed exclusively, or reverts its count. */
  countExclusive(lane: string, offset: number, isProcessing: boolean): void {
    const assigned = this.#lanes.get(lane) ?? this.#draining(lane);
    if (assigned !== undefined)
      this.#group?.countExclusive(assigned.topic.name, assigned.partition, offset, isProcessing);
  }

  pause(lane: string): void {
    this.#paused.add(lane);
  }

  resume(lane: string): void {
    this.#paused.delete(lane);
    this.wake();
  }

  async leave(): Promise<void> {
    await this.#group?.leave(this);
  }

  /** Leaves as if the process had died: no event in flight is finished or committed. */
  crash(): void {
    this.#group?.evict(this);
  }

  #unreadLanes(): readonly (readonly [lane: string, hasUnread: boolean])[] {
    return Array.from(this.#lanes, ([lane, { topic, partition, nextOffset }]) => [
      lane,
      topic.read(partition, nextOffset, 1).length > 0,
    ]);
  }

  /** A lane that drains can still be committed: until then the group knows which member has it. */
  #draining(lane: string): Pick<AssignedLane, 'topic' | 'partition'> | undefined {
    return this.#group
      ?.ownedBy(this)
      .find(({ topic, partition }) => laneName(topic.name, partition) === lane);
  }
}

interface AssignedLane {
  readonly topic: MemoryTopic;
  readonly partition: number;
  readonly abort: AbortController;
  nextOffset: number;
}

function laneName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function read(
  group: GroupOfMember,
  lane: string,
  assigned: AssignedLane,
  limit: number,
): readonly Delivery[] {
  const { topic, partition } = assigned;
  let messages: readonly StoredMessage[] = [];
  for (let isEnd = false; messages.length === 0 && !isEnd; ) {
    const page = topic.read(partition, assigned.nextOffset, limit);
    isEnd = page.length === 0;
    assigned.nextOffset = (page.at(-1)?.offset ?? assigned.nextOffset - 1) + 1;
    messages = page.filter(({ offset }) => !group.isHandled(topic.name, partition, offset));
  }
  return messages.map((message) => ({
    message: { topic: message.topic, key: message.key, value: message.value, headers: message.headers },
    lane,
    ordinal: message.offset,
    position: `${message.partition}:${message.offset}`,
    deliveryCount: group.countDelivery(topic.name, partition, message.offset),
    abortSignal: assigned.abort.signal,
  }));
}
