import { DateTime, type StartPosition } from '@openedx-ts/events-core';
import { FIRST_EXCLUSIVE_DELIVERY, parsePartitionPositions } from '@openedx-ts/events-core/bus';
import type { GroupFate } from '@openedx-ts/events-core/operate';
import type { GroupOfMember, MemoryMember } from './memory-member.js';
import type { MemoryPartition, MemoryTopic } from './memory-topic.js';

/** The broker as its groups see it. */
export interface GroupHost {
  readonly isRunning: boolean;
  mustRun(): void;
  hasTopic(fullTopic: string): boolean;
  topic(fullTopic: string): MemoryTopic;
  trim(fullTopic: string, partition: number): void;
}

/**
 * A consumer group: who its members are, which partition each has, and how far the group has come. When members come
 * or go, a partition is reassigned only after its former owner has finished and committed what it had started.
 */
export class MemoryGroup implements GroupOfMember {
  readonly #broker: GroupHost;
  readonly #groupId: string;
  readonly #members = new Map<MemoryMember, readonly string[]>();
  readonly #shares = new Map<string, Share>();
  /** Topics that members read from their start once they exist. */
  readonly #retryTopics = new Set<string>();
  #rebalancing: Promise<void> = Promise.resolve();

  constructor(broker: GroupHost, groupId: string) {
    this.#broker = broker;
    this.#groupId = groupId;
  }

  get isRunning(): boolean {
    return this.#broker.isRunning;
  }

  /**
   * Adds a member. The group's position on its topics is fixed when this resolves, at `startFrom` where it is new. The retry
   * topics are not created: they are read from their start once they exist.
   */
  async join(member: MemoryMember, { topics, retryTopics, startFrom }: JoinOptions): Promise<void> {
    for (const name of topics) this.#fixPositions(this.#broker.topic(name), startFrom);
    for (const name of retryTopics) {
      this.#retryTopics.add(name);
      if (this.#broker.hasTopic(name)) this.#fixPositions(this.#broker.topic(name), 'earliest');
    }
    this.#members.set(member, [...topics, ...retryTopics]);
    member.joined(this);
    await this.#rebalance();
  }

  /** Called when a topic was created. */
  topicMade(topic: MemoryTopic): void {
    if (!this.#retryTopics.has(topic.name)) return;
    this.#fixPositions(topic, 'earliest');
    void this.#rebalance();
  }

  async leave(member: MemoryMember): Promise<void> {
    if (this.#members.delete(member)) await this.#rebalance();
  }

  /** Revokes a member's partitions at once, as after a crash. */
  evict(member: MemoryMember): void {
    if (!this.#members.delete(member)) return;
    for (const share of this.ownedBy(member)) {
      share.owner = undefined;
      share.delivered.clear();
    }
    member.lose();
    void this.#rebalance();
  }

  commit(member: MemoryMember, topic: string, partition: number, offset: number): void {
    this.#broker.mustRun();
    const share = this.#shares.get(shareKey(topic, partition));
    if (share?.owner !== member || offset <= share.committed) return;
    share.committed = offset;
    for (const handled of share.handledAhead) if (handled < offset) share.handledAhead.delete(handled);
    while (share.handledAhead.delete(share.committed)) share.committed += 1;
    for (const counts of [share.counts, share.delivered])
      for (const counted of counts.keys()) if (counted < share.committed) counts.delete(counted);
    this.#broker.trim(topic, partition);
  }

  commitAhead(member: MemoryMember, topic: string, partition: number, offsets: readonly number[]): void {
    this.#broker.mustRun();
    const share = this.#shares.get(shareKey(topic, partition));
    if (share?.owner === member) for (const offset of offsets) share.handledAhead.add(offset);
  }

  isHandled(topic: string, partition: number, offset: number): boolean {
    const share = this.#shares.get(shareKey(topic, partition));
    return share !== undefined && (offset < share.committed || share.handledAhead.has(offset));
  }

  /** The committed offset of a partition; undefined when it does not read it. */
  committed(topic: string, partition: number): number | undefined {
    return this.#shares.get(shareKey(topic, partition))?.committed;
  }

  /** What became of a message; undefined where the group does not read its partition. */
  fateOf(topic: string, partition: number, offset: number): GroupFate | undefined {
    const share = this.#shares.get(shareKey(topic, partition));
    if (share === undefined) return undefined;
    const isInFlight = share.owner !== undefined && share.delivered.has(offset);
    const isHandled = share.handledAhead.has(offset);
    const state =
      offset < share.committed ? 'passed' : isHandled ? 'handled' : isInFlight ? 'in flight' : 'waiting';
    const deliveries = share.delivered.get(offset) ?? share.counts.get(offset) ?? null;
    return { groupId: this.#groupId, state, deliveries };
  }

  /** How many members read a topic. */
  membersOf(topic: string): number {
    return Array.from(this.#members.values()).filter((topics) => topics.includes(topic)).length;
  }

  /** Whether the group has a position on a topic. */
  reads(topic: string): boolean {
    return Array.from(this.#shares.values()).some((share) => share.topic.name === topic);
  }

  /** Moves the group to these offsets, while no member reads the topic. In other partitions a new group starts at the end. */
  move(topic: MemoryTopic, offsets: ReadonlyMap<number, number>): void {
    this.#fixPositions(topic, 'resume');
    for (const [partition, offset] of offsets) {
      const share = this.#shares.get(shareKey(topic.name, partition));
      if (share === undefined) continue;
      share.committed = offset;
      share.handledAhead.clear();
      share.counts.clear();
      share.delivered.clear();
    }
  }

  countDelivery(topic: string, partition: number, offset: number): number {
    const share = this.#shares.get(shareKey(topic, partition));
    const count = (share?.counts.get(offset) ?? 0) + 1;
    if (count < FIRST_EXCLUSIVE_DELIVERY) share?.counts.set(offset, count);
    share?.delivered.set(offset, count);
    return count;
  }

  countExclusive(topic: string, partition: number, offset: number, isProcessing: boolean): void {
    const share = this.#shares.get(shareKey(topic, partition));
    const count = share?.delivered.get(offset);
    if (count !== undefined) share?.counts.set(offset, isProcessing ? count : count - 1);
  }

  ownedBy(member: MemoryMember): readonly Share[] {
    return Array.from(this.#shares.values()).filter(({ owner }) => owner === member);
  }

  /** Wakes the members that read a topic, or all: there may be new messages. */
  wake(topic?: string): void {
    for (const [member, topics] of this.#members)
      if (topic === undefined || topics.includes(topic)) member.wake();
  }

  #fixPositions(topic: MemoryTopic, startFrom: StartPosition): void {
    for (const [index, partition] of topic.partitions.entries()) {
      const key = shareKey(topic.name, index);
      if (this.#shares.has(key)) continue;
      const committed = startOffset(partition, index, startFrom, this.#groupId);
      this.#shares.set(key, {
        topic,
        partition: index,
        committed,
        owner: undefined,
        handledAhead: new Set(),
        counts: new Map(),
        delivered: new Map(),
      });
    }
  }

  #rebalance(): Promise<void> {
    this.#rebalancing = this.#rebalancing.then(async () => {
      await Promise.all(Array.from(this.#targets(), ([share, target]) => this.#handOver(share, target)));
    });
    return this.#rebalancing;
  }

  /** The assignment: the partitions of a topic go to its members round robin. */
  #targets(): ReadonlyMap<Share, MemoryMember | undefined> {
    const targets = new Map<Share, MemoryMember | undefined>();
    for (const share of this.#shares.values()) {
      const members = Array.from(this.#members).filter(([, topics]) => topics.includes(share.topic.name));
      targets.set(share, members[share.partition % members.length]?.[0]);
    }
    return targets;
  }

  async #handOver(share: Share, target: MemoryMember | undefined): Promise<void> {
    if (share.owner === target) return;
    await share.owner?.revoke(share.topic.name, share.partition);
    for (const [offset, count] of share.delivered) share.counts.set(offset, count - 1); // a graceful revocation counts nothing
    share.delivered.clear();
    const isStillMember = target !== undefined && this.#members.has(target);
    share.owner = isStillMember ? target : undefined;
    if (isStillMember) target.assign(share.topic, share.partition, share.committed);
  }
}

/** What a member reads. */
export interface JoinOptions {
  readonly topics: readonly string[];
  /** Topics that joining does not create. */
  readonly retryTopics: readonly string[];
  /** Where a group that is new to a topic starts. */
  readonly startFrom: StartPosition;
}

/** A group's part of one partition. */
export interface Share {
  readonly topic: MemoryTopic;
  readonly partition: number;
  /** Offsets of events behind the committed offset that were handled. */
  readonly handledAhead: Set<number>;
  /** The counted deliveries of each uncommitted offset. */
  readonly counts: Map<number, number>;
  /** The delivery count that the owner received for each offset. */
  readonly delivered: Map<number, number>;
  committed: number;
  owner: MemoryMember | undefined;
}

function shareKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function startOffset(
  partition: MemoryPartition,
  index: number,
  startFrom: StartPosition,
  groupId: string,
): number {
  if (startFrom === 'resume') return partition.nextOffset;
  if (startFrom === 'earliest') return partition.firstOffset;
  if ('time' in startFrom) {
    const from = DateTime.from(startFrom.time).toDate().getTime();
    const first = partition.messages.find(({ storedAt }) => storedAt >= from);
    return first?.offset ?? partition.nextOffset;
  }
  const positions = parsePartitionPositions(startFrom.position, `consumer of group ${groupId}`);
  return positions.get(index) ?? partition.nextOffset;
}
