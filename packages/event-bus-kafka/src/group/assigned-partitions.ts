import { setImmediate as afterIo } from 'node:timers/promises';
import type { Delivery } from '@openedx-ts/events-core/bus';
import type { FetchPosition } from '../driver/protocol/fetch.js';
import type { Bell } from './bell.js';
import { parseCommitMetadata } from './commit-metadata.js';
import { DeliveryTally } from './delivery-tally.js';
import { HandledAhead } from './handled-ahead.js';
import { Lane } from './lane.js';
import { laneName } from './lane-name.js';
import type { Position } from './position.js';

export interface AssignedPartitionsOptions {
  /** Rung when there may be events to yield or room to fetch. */
  readonly bell: Bell;
  /** Most events that were yielded and wait to be processed, of all lanes. */
  readonly maxBufferedEvents: number;
  /** Most events that are processed and not acknowledged, of all lanes. */
  readonly maxUnacknowledgedEvents: number;
  /** Most bytes of events that were fetched and are not processed, of all lanes. */
  readonly maxBufferedBytes: number;
  readonly maxBytesPerPartition: number;
  readonly ackEvery: number;
  readonly maxDeliveries: number;
  /** How many events of a lane were yielded and wait to be processed. */
  readonly waitingIn: (lane: string) => number;
  /** How many bytes of a lane were yielded and are not processed. */
  readonly bytesIn: (lane: string) => number;
  /** Waits until no event of a lane is in flight. */
  readonly drainLane: (lane: string) => Promise<void>;
  /** Commits the delivery counts of a lane; undefined when the broker keeps none. Does not reject. */
  readonly commitCounts: (lane: Lane) => Promise<void> | undefined;
}

/**
 * The partitions that are assigned to this member, with the events that were fetched and those in flight. No partition
 * can use up the buffers of the others: each has an equal share.
 */
export class AssignedPartitions {
  readonly #options: AssignedPartitionsOptions;
  readonly #lanes = new Map<string, Lane>();
  /** The last lane of each partition that was assigned before. */
  readonly #past = new Map<string, Lane>();
  /** Lanes whose deliveries of this assignment are counted, so that their events may be yielded. */
  readonly #counted = new WeakSet<Lane>();
  readonly #counting = new WeakSet<Lane>();
  #first = 0;

  constructor(options: AssignedPartitionsOptions) {
    this.#options = options;
  }

  get all(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  get(name: string): Lane | undefined {
    return this.#lanes.get(name);
  }

  /**
   * Starts to read a partition. Where the committed offset is still one that this process committed, events that it has
   * processed since do not come again: only their commit was lost.
   */
  assign({ fullTopic, topicId, partition, offset: committed, metadata }: Position): void {
    const { ackEvery, maxDeliveries, bell } = this.#options;
    const known = parseCommitMetadata(metadata, committed, maxDeliveries);
    const past = this.#pastOf(laneName(fullTopic, partition), topicId);
    const isWhereItWas = past?.written.offsets.includes(committed) === true;
    const handledAhead = (known?.handledAhead ?? HandledAhead.none).union(
      isWhereItWas ? past.handledAhead : HandledAhead.none,
    );
    const handled = isWhereItWas ? Math.max(past.handled, committed) : committed;
    // A text that this process wrote and nobody changed since reports no crash.
    const isOwn = past?.written.has(committed, metadata) === true;
    const before = isOwn ? past.tally?.uncountedAt(committed) : known?.counts;
    const lane = new Lane({
      fullTopic,
      topicId,
      partition,
      committed,
      metadata,
      handledAhead,
      handled: handledAhead.next(handled),
      tally: new DeliveryTally({ committed, before, ackEvery }),
    });
    this.#lanes.set(lane.name, lane);
    bell.ring();
  }

  /**
   * Releases all partitions: no more events are yielded, those in flight are finished and acknowledged if that does not
   * take too long, and abandoned otherwise.
   */
  async revoke(): Promise<void> {
    const lanes = this.all;
    for (const lane of lanes) lane.close();
    await afterIo(); // events that were just yielded arrive
    await Promise.all(lanes.map(({ name }) => this.#options.drainLane(name)));
    await this.settle();
    this.drop();
  }

  /** Commits what was handled ahead of events in flight, and that these are released gracefully: they do not count. */
  async settle(): Promise<void> {
    const changed = this.all.filter((lane) => lane.end());
    await Promise.all(changed.map((lane) => this.#options.commitCounts(lane)));
  }

  /** Releases all partitions at once and abandons the events in flight. */
  drop(): void {
    for (const lane of this.#lanes.values()) {
      this.#past.set(lane.name, lane);
      lane.abort();
    }
    this.#lanes.clear();
  }

  /**
   * Whether a topic was deleted and created again since its partitions were assigned. Nothing more is committed for those.
   *
   * @param topicIdOf the present ids
   */
  haveRecreatedTopic(topicIdOf: (fullTopic: string) => string | undefined): boolean {
    for (const lane of this.#lanes.values()) {
      const topicId = topicIdOf(lane.fullTopic);
      lane.isOfDeletedTopic ||=
        lane.topicId !== undefined && topicId !== undefined && topicId !== lane.topicId;
    }
    return this.all.some(({ isOfDeletedTopic }) => isOfDeletedTopic);
  }

  /** The next deliveries, a share of each lane; none when there are no events or no room. */
  take(): readonly Delivery[] {
    const lanes = this.#rotated().filter(({ hasNext }) => hasNext);
    for (const lane of lanes) this.#count(lane);
    const deliveries = lanes
      .filter((lane) => this.#counted.has(lane))
      .flatMap((lane) => lane.take(this.#roomIn(lane)));
    if (deliveries.length > 0) this.#options.bell.ring(); // there is room to fetch
    return deliveries;
  }

  /** Where to fetch from the lanes that a node leads, and whether every lane has room. */
  toFetch(leads: (lane: Lane) => boolean): {
    readonly positions: readonly FetchPosition[];
    readonly isComplete: boolean;
  } {
    const lanes = this.#rotated().filter((lane) => lane.mayFetch && leads(lane));
    const positions: FetchPosition[] = [];
    for (const lane of lanes) {
      const maxRecordBytes = this.#roomToFetch(lane);
      if (maxRecordBytes === 0) continue;
      const { fullTopic, topicId, partition, fetchOffset: offset } = lane;
      const maxBytes = Math.min(maxRecordBytes, this.#options.maxBytesPerPartition);
      positions.push({ topic: fullTopic, topicId, partition, offset, maxBytes, maxRecordBytes });
    }
    return { positions, isComplete: positions.length === lanes.length };
  }

  /** The last lane of a partition, unless it was of a topic that was deleted. */
  #pastOf(name: string, topicId: string | undefined): Lane | undefined {
    const past = this.#past.get(name);
    return past?.topicId === topicId ? past : undefined;
  }

  /**
   * Counts the deliveries of this assignment before the first event of a lane is yielded: a process that an event crashes
   * cannot report it. An event that is processed exclusively is counted when it starts.
   */
  #count(lane: Lane): void {
    if (this.#counted.has(lane) || this.#counting.has(lane)) return;
    const committed = lane.isExclusive ? undefined : this.#options.commitCounts(lane);
    if (committed === undefined) {
      this.#counted.add(lane);
      return;
    }
    this.#counting.add(lane);
    void committed.then(() => {
      this.#counted.add(lane);
      this.#options.bell.ring();
    });
  }

  /** Bytes that may be fetched of a lane: 0 until half of its share is free, because a batch is fetched as a whole. */
  #roomToFetch({ name, bufferedBytes }: Lane): number {
    const { maxBytesPerPartition, maxBufferedBytes, bytesIn } = this.#options;
    const share = this.#share(maxBufferedBytes);
    const room = share - bufferedBytes - bytesIn(name);
    return room * 2 < share || bufferedBytes >= maxBytesPerPartition ? 0 : room;
  }

  #roomIn(lane: Lane): number {
    const { maxBufferedEvents, maxUnacknowledgedEvents, waitingIn } = this.#options;
    const toHandle = this.#share(maxBufferedEvents) - waitingIn(lane.name);
    const toAcknowledge = this.#share(maxBufferedEvents + maxUnacknowledgedEvents) - lane.inFlight;
    return Math.min(toHandle, toAcknowledge);
  }

  #share(whole: number): number {
    return Math.max(1, Math.floor(whole / Math.max(1, this.#lanes.size)));
  }

  /** Starts with another lane each time: the response of a broker has a largest size. */
  #rotated(): readonly Lane[] {
    const lanes = this.all;
    this.#first = lanes.length === 0 ? 0 : (this.#first + 1) % lanes.length;
    return [...lanes.slice(this.#first), ...lanes.slice(0, this.#first)];
  }
}
