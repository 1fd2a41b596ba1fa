import { setMaxListeners } from 'node:events';
import { type Delivery, runtime } from '@openedx-ts/events-core/bus';
import type { FetchedRecord } from '../driver/protocol/record-batch.js';
import { formatCommitMetadata } from './commit-metadata.js';
import type { DeliveryTally } from './delivery-tally.js';
import { FetchedRecords } from './fetched-records.js';
import { HandledAhead } from './handled-ahead.js';
import { laneName } from './lane-name.js';
import type { LaneStart } from './lane-start.js';
import { WrittenCommits } from './written-commits.js';

/** A partition that this member reads, for as long as it is assigned: what comes of a later assignment is another lane. */
export class Lane {
  readonly fullTopic: string;
  readonly topicId: string | undefined;
  readonly partition: number;
  readonly name: string;
  readonly written: WrittenCommits;
  readonly #abort = new AbortController();
  readonly #records = new FetchedRecords();
  /** Offsets of events that were yielded and are not acknowledged yet, in order. */
  #inFlight: number[] = [];
  #handledAhead: HandledAhead;
  #tally: DeliveryTally | undefined;
  /** Offsets of events in flight of a topic that was deleted: they must not be committed in the one created again. */
  readonly #strays = new Set<number>();
  /** Whether the first event that is fetched is the one that the commit counts. */
  #isAtCommitted: boolean;
  #failedFetches = 0;
  #handled: number;
  #fetchOffset: number;
  #isOpen = true;
  isPaused = false;
  /** Since `defer`, until its next try. That is not compared with a clock: timers may fire two milliseconds early. */
  isDeferred = false;
  /** Whether its topic was deleted: nothing of it may be committed in one of the same name. */
  isOfDeletedTopic = false;
  #highWatermark: number | undefined;
  /** When the broker last reported the end, or the lane was assigned, by the monotonic clock. */
  endKnownAt = runtime().clock.monotonic();

  constructor(start: LaneStart) {
    const { fullTopic, topicId, partition, committed, metadata = null, handled, handledAhead, tally } = start;
    this.fullTopic = fullTopic;
    this.topicId = topicId;
    this.partition = partition;
    this.name = laneName(fullTopic, partition);
    this.#isAtCommitted = handled === committed;
    this.written = new WrittenCommits(committed, metadata);
    this.#handled = handled;
    this.#fetchOffset = handled;
    this.#handledAhead = handledAhead ?? HandledAhead.none;
    this.#tally = tally;
    setMaxListeners(0, this.#abort.signal);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Everything before this offset is done with. */
  get handled(): number {
    return this.#handled;
  }

  /** What was handled behind that offset. */
  get handledAhead(): HandledAhead {
    return this.#handledAhead;
  }

  get fetchOffset(): number {
    return this.#fetchOffset;
  }

  get bufferedBytes(): number {
    return this.#records.bytes;
  }

  /** How many events were yielded and are not acknowledged yet. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** Fires when events in flight are abandoned. */
  get abortSignal(): AbortSignal {
    return this.#abort.signal;
  }

  get tally(): DeliveryTally | undefined {
    return this.#tally;
  }

  /** Whether an event waits to be yielded. */
  get hasNext(): boolean {
    return this.#isOpen && !this.isPaused && !this.#records.isEmpty;
  }

  /** Whether the oldest event is processed exclusively, so that its delivery is counted by a commit of its own. */
  get isExclusive(): boolean {
    const [oldest] = this.#upcoming();
    return oldest !== undefined && this.#tally?.isExclusive(oldest) === true;
  }

  /** The end of the partition when the broker last reported it. */
  get highWatermark(): number | undefined {
    return this.#highWatermark;
  }

  set highWatermark(offset: number | undefined) {
    this.#highWatermark = offset;
    this.endKnownAt = runtime().clock.monotonic();
  }

  /** Whether the broker, or what was fetched, has events that were not yielded. */
  get hasUnread(): boolean {
    return this.#isOpen && (!this.#records.isEmpty || (this.highWatermark ?? 0) > this.#fetchOffset);
  }

  /** How many events the group is behind; undefined before the first fetch. */
  get lag(): number | undefined {
    return this.highWatermark === undefined ? undefined : Math.max(0, this.highWatermark - this.#handled);
  }

  /** Takes what was fetched from an offset; too late when the lane has moved on or was closed. */
  add(fromOffset: number, records: readonly FetchedRecord[], nextOffset: number | undefined): void {
    if (!this.#isOpen || fromOffset !== this.#fetchOffset) return;
    this.#failedFetches = 0;
    if (nextOffset !== undefined) this.#fetchOffset = Math.max(nextOffset, fromOffset);
    const ahead = this.#handledAhead;
    const wanted = ahead.isEmpty ? records : records.filter(({ offset }) => !ahead.has(offset));
    const [first] = wanted;
    if (first === undefined) return;
    if (this.#isAtCommitted) this.#tally?.noteFirst(first.offset);
    this.#records.add(wanted);
  }

  /** Goes on elsewhere, where what comes next is gone. */
  moveTo(offset: number): void {
    this.#fetchOffset = offset;
    this.#isAtCommitted = false;
    if (offset < this.#handled) {
      for (const stray of [...this.#inFlight, ...this.#records.offsets]) this.#strays.add(stray);
      this.#handled = offset;
      this.#handledAhead = HandledAhead.none; // it is of the topic that is gone
      this.#tally = undefined; // so is this
    }
    if (this.inFlight === 0 && this.#records.isEmpty) this.#handled = offset;
  }

  /** Yields up to so many deliveries. */
  take(count: number): readonly Delivery[] {
    if (!this.#isOpen || this.isPaused) return [];
    const deliveries: Delivery[] = [];
    for (let free = count; free > 0; free -= 1) {
      const record = this.#records.shift();
      if (record === undefined) break;
      deliveries.push(this.#delivery(record));
    }
    for (const { ordinal } of deliveries) this.#inFlight.push(ordinal);
    return deliveries;
  }

  /** Notes what was handled. @returns the offset to commit */
  acknowledge(ordinals: readonly number[]): number {
    this.#inFlight.splice(0, this.#inFlight.indexOf(ordinals.at(-1) as number) + 1);
    const last = ordinals.findLast((offset) => !this.#strays.has(offset));
    this.#handled = this.#handledAhead.next(Math.max(this.#handled, (last ?? -1) + 1));
    // Behind the last record may lie markers of transactions, which never come.
    if (this.inFlight === 0 && this.#records.isEmpty)
      this.#handled = Math.max(this.#handled, this.#fetchOffset);
    return this.#handled;
  }

  /** Notes what was handled behind an event that was not: commits keep it from now on. */
  acknowledgeAhead(ordinals: readonly number[]): void {
    const handled = new Set(ordinals.filter((offset) => !this.#strays.has(offset)));
    this.#handledAhead = this.#handledAhead.add(handled, this.#inFlight);
  }

  /** The text of a commit of an offset. @param maxLength in characters; 0 for none */
  metadataAt(offset: number, maxLength?: number): string | null {
    if (maxLength === 0) return null;
    const counts = this.#tally?.countsAt(offset, this.#upcoming());
    const { topicId, handledAhead } = this;
    return formatCommitMetadata({ topicId, counts, handledAhead }, offset, maxLength);
  }

  /**
   * Notes that an event is processed exclusively, or not any more. One that is not the oldest of its partition is not
   * counted: a commit has one count.
   *
   * @returns whether that must be committed
   */
  countExclusive(offset: number, isProcessing: boolean): boolean {
    if (isProcessing && this.#inFlight[0] !== offset) return false;
    return this.#tally?.countExclusive(offset, isProcessing) ?? false;
  }

  /**
   * Notes that the partition is released gracefully: events in flight do not count as delivered.
   *
   * @returns whether that, or what was handled ahead, must be committed
   */
  end(): boolean {
    this.#tally?.end();
    if (this.written.lastOffset !== this.#handled && this.#handledAhead.isEmpty) return false;
    return !this.written.isLast(this.#handled, this.metadataAt(this.#handled));
  }

  /** Leaves the partition alone. @returns for how many milliseconds, longer each time */
  defer(delayMs: (failedTries: number) => number): number {
    this.#failedFetches += 1;
    this.isDeferred = true;
    return delayMs(this.#failedFetches);
  }

  get mayFetch(): boolean {
    return this.#isOpen && !this.isPaused && !this.isDeferred;
  }

  /** Yields and fetches nothing more; events in flight are finished. */
  close(): void {
    this.#isOpen = false;
    // What was fetched and is dropped here is fetched by whoever comes next: it must not count as done with.
    this.#fetchOffset = this.#records.clear() ?? this.#fetchOffset;
  }

  /** Abandons the events in flight. */
  abort(): void {
    this.close();
    this.#abort.abort();
  }

  /** Offsets of events in flight, or of those that will be next. */
  #upcoming(): readonly number[] {
    return this.#inFlight.length > 0 ? this.#inFlight : this.#records.offsets;
  }

  #delivery({ offset, key, value, headers, unreadable }: FetchedRecord): Delivery {
    return {
      message: { topic: this.fullTopic, key, value, headers },
      lane: this.name,
      ordinal: offset,
      position: `${this.partition}:${unreadable?.firstOffset ?? offset}`,
      deliveryCount: this.#tally?.deliveryCount(offset) ?? 1,
      abortSignal: this.#abort.signal,
      unreadable: unreadable?.error,
    };
  }
}
