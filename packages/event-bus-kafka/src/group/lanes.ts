import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Delivery } from '@openedx-ts/events-core/bus';
import type { FetchPosition } from '../driver/protocol/fetch.js';
import { Beginnings } from './beginnings.js';
import type { Bell } from './bell.js';
import { DeliveryTally } from './delivery-tally.js';
import { Lane, laneName } from './lane.js';
import type { Position } from './start-offsets.js';

export interface LanesOptions {
  /** Rung when there may be something to take or room to fetch. */
  readonly bell: Bell;
  /** Events handed over and not handled, of all lanes. */
  readonly maxBufferedEvents: number;
  /** Events handled and not acknowledged, of all lanes. */
  readonly maxUnacknowledgedEvents: number;
  /** Fetched and not handed over, of all lanes. */
  readonly maxBufferedBytes: number;
  readonly maxBytesPerPartition: number;
  readonly ackEvery: number;
  /** How many events of a lane were handed over and wait. */
  readonly waitingIn: (lane: string) => number;
  /** Waits until nothing of a lane is in hand. */
  readonly drainLane: (lane: string) => Promise<void>;
  /** Writes down how often what is in hand of a lane was begun; undefined when that is done with. Does not reject. */
  readonly note: (lane: Lane) => Promise<void> | undefined;
}

/**
 * The partitions of this member, what was fetched of them and what is in hand. No partition can use up the room of the
 * others: each has its share.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Where this process and the group were on partitions that it had before. */
  readonly #past = new Map<string, Lane>();
  readonly #beginnings: Beginnings;
  #first = 0;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#beginnings = new Beginnings({ note: options.note, onChange: () => options.bell.ring() });
  }

  get all(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  get(name: string): Lane | undefined {
    return this.#lanes.get(name);
  }

  /**
   * Begins to read a partition. Where the group is still where this process left it, what this process has handled
   * since does not come again: that was only not committed in time.
   */
  assign({ topic, partition, offset: committed, metadata }: Position): void {
    const { ackEvery, bell } = this.#options;
    const past = this.#past.get(laneName(topic, partition));
    const handled = past?.commits.has(committed) === true ? Math.max(past.handled, committed) : committed;
    const tally = new DeliveryTally({ committed, metadata, ackEvery }, past?.tally);
    const lane = new Lane(topic, partition, committed, handled, tally);
    this.#lanes.set(lane.name, lane);
    bell.ring();
  }

  /**
   * Gives all partitions up: nothing more is taken, what is in hand is finished and acknowledged if that does not take
   * too long, and aborted after that.
   */
  async revoke(): Promise<void> {
    const lanes = this.all;
    for (const lane of lanes) lane.close();
    await nextTurn(); // what was just handed over arrives
    await Promise.all(lanes.map(({ name }) => this.#options.drainLane(name)));
    await this.settle();
    this.drop();
  }

  /** What is still in hand is given back in good order, and was not begun as far as others are to know. */
  async settle(): Promise<void> {
    const changed = this.all.filter((lane) => lane.tally?.end(lane.handled) === true);
    await Promise.all(changed.map((lane) => this.#options.note(lane)));
  }

  /** Gives all partitions up at once. */
  drop(): void {
    for (const lane of this.#lanes.values()) {
      this.#past.set(lane.name, lane);
      lane.abort();
    }
    this.#lanes.clear();
  }

  /** The next deliveries, a share of each lane; none when there is nothing or no room. */
  take(): readonly Delivery[] {
    const lanes = this.#inTurn();
    const roomIn = (lane: Lane) => this.#roomIn(lane);
    const deliveries = lanes.filter(this.#beginnings.readyIn(lanes, roomIn)).flatMap((lane) => {
      const wasIdle = lane.inHand === 0;
      const taken = lane.take(roomIn(lane));
      if (wasIdle && taken.length > 0) void this.#options.note(lane);
      return taken;
    });
    if (deliveries.length > 0) this.#options.bell.ring(); // there is room to fetch
    return deliveries;
  }

  /** What to fetch of the lanes that a node leads, and whether some had to be left out because they have enough. */
  toFetch(
    now: number,
    leads: (lane: Lane) => boolean,
  ): { readonly positions: readonly FetchPosition[]; readonly isComplete: boolean } {
    const { maxBytesPerPartition, maxBufferedBytes } = this.#options;
    const lanes = this.#inTurn().filter((lane) => lane.mayFetch(now) && leads(lane));
    const share = Math.min(maxBytesPerPartition, this.#share(maxBufferedBytes));
    const positions = lanes
      .filter(({ bufferedBytes }) => bufferedBytes < share)
      .map(({ topic, partition, fetchOffset }) => ({
        topic,
        partition,
        offset: fetchOffset,
        maxBytes: share,
      }));
    return { positions, isComplete: positions.length === lanes.length };
  }

  #roomIn(lane: Lane): number {
    const { maxBufferedEvents, maxUnacknowledgedEvents, waitingIn } = this.#options;
    const toHandle = this.#share(maxBufferedEvents) - waitingIn(lane.name) - lane.prepared;
    const toAcknowledge = this.#share(maxBufferedEvents + maxUnacknowledgedEvents) - lane.inHand;
    return Math.min(toHandle, toAcknowledge);
  }

  #share(whole: number): number {
    return Math.max(1, Math.floor(whole / Math.max(1, this.#lanes.size)));
  }

  /** Another one first each time: answers of brokers have an end. */
  #inTurn(): readonly Lane[] {
    const lanes = this.all;
    this.#first = lanes.length === 0 ? 0 : (this.#first + 1) % lanes.length;
    return [...lanes.slice(this.#first), ...lanes.slice(0, this.#first)];
  }
}
