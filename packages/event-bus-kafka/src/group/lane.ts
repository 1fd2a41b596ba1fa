import { setMaxListeners } from 'node:events';
import type { Delivery } from '@openedx-ts/events-core/bus';
import type { FetchedRecord } from '../driver/protocol/record-batch.js';
import type { DeliveryTally } from './delivery-tally.js';

/** A partition that this member reads, for as long as it is assigned: what comes of a later assignment is another lane. */
export class Lane {
  readonly topic: string;
  readonly partition: number;
  readonly name: string;
  readonly #abort = new AbortController();
  #records: readonly FetchedRecord[] = [];
  #next = 0;
  #bufferedBytes = 0;
  /** Offsets of events that were yielded and are not acknowledged yet, in order. */
  #inFlight: number[] = [];
  #tally: DeliveryTally | undefined;
  /** Offsets of events in flight of a topic that was deleted: they must not be committed in the one created again. */
  readonly #strays = new Set<number>();
  /** Whether the first event that is fetched is the one that the commit counts. */
  #isAtCommitted: boolean;
  readonly #commits: Set<number>;
  #failedFetches = 0;
  #fetchNotBefore = 0;
  #handled: number;
  #fetchOffset: number;
  #isOpen = true;
  /** What was fetched behind the records in front. */
  readonly #later: (readonly FetchedRecord[])[] = [];
  isPaused = false;
  /** The end of the partition when it was last fetched. */
  highWatermark: number | undefined;

  /**
   * @param committed where the group is, as the broker knows it
   * @param handled where this process is, which may be further
   * @param tally counts deliveries; without it, every delivery is the first
   */
  constructor(topic: string, partition: number, committed: number, handled: number, tally?: DeliveryTally) {
    this.topic = topic;
    this.partition = partition;
    this.name = laneName(topic, partition);
    this.#isAtCommitted = handled === committed;
    this.#commits = new Set([committed]);
    this.#handled = handled;
    this.#fetchOffset = handled;
    this.#tally = tally;
    setMaxListeners(0, this.#abort.signal);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The offsets one of which is the group's, as far as this process knows. */
  get commits(): ReadonlySet<number> {
    return this.#commits;
  }

  /** Everything before this offset is done with. */
  get handled(): number {
    return this.#handled;
  }

  get fetchOffset(): number {
    return this.#fetchOffset;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
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
    return this.#isOpen && !this.isPaused && (this.#next < this.#records.length || this.#later.length > 0);
  }

  /** Whether the oldest event is processed exclusively, so that its delivery is counted by a commit of its own. */
  get isExclusive(): boolean {
    const [oldest] = this.#upcoming();
    return oldest !== undefined && this.#tally?.isExclusive(oldest) === true;
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
    if (records.length === 0) return;
    for (const { size } of records) this.#bufferedBytes += size;
    if (this.#isAtCommitted) this.#tally?.noteFirst((records[0] as FetchedRecord).offset);
    this.#later.push(records);
  }

  /** Goes on elsewhere, where what comes next is gone. */
  moveTo(offset: number): void {
    this.#fetchOffset = offset;
    this.#isAtCommitted = false;
    if (offset < this.#handled) {
      const buffered = [...this.#records.slice(this.#next), ...this.#later.flat()];
      for (const stray of [...this.#inFlight, ...buffered.map((record) => record.offset)])
        this.#strays.add(stray);
      this.#handled = offset;
      this.#tally = undefined; // it is of the topic that is gone
    }
    if (this.inFlight === 0 && this.#bufferedBytes === 0) this.#handled = offset;
  }

  /** Yields up to so many deliveries. */
  take(count: number): readonly Delivery[] {
    if (!this.#isOpen || this.isPaused) return [];
    const deliveries: Delivery[] = [];
    for (let free = count; free > 0; free -= 1) {
      const record = this.#shift();
      if (record === undefined) break;
      deliveries.push(this.#delivery(record));
    }
    for (const { ordinal } of deliveries) this.#inFlight.push(ordinal);
    return deliveries;
  }

  /** Notes what was handled; says which offset to commit. */
  acknowledge(ordinals: readonly number[]): number {
    this.#inFlight.splice(0, this.#inFlight.indexOf(ordinals.at(-1) as number) + 1);
    const last = ordinals.findLast((offset) => !this.#strays.has(offset));
    this.#handled = Math.max(this.#handled, (last ?? -1) + 1);
    // Behind the last record may lie markers of transactions, which never come.
    if (this.inFlight === 0 && this.#bufferedBytes === 0)
      this.#handled = Math.max(this.#handled, this.#fetchOffset);
    return this.#handled;
  }

  /** The text of a commit of an offset. */
  metadataAt(offset: number): string | null {
    return this.#tally?.metadataAt(offset, this.#upcoming()) ?? null;
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

  /** Notes what the broker was asked to keep; it may have done so although no answer came. */
  noteCommit(offset: number, metadata: string | null = null): void {
    this.#tally?.noteWritten(offset, metadata);
    this.#commits.add(offset);
    const [oldest] = this.#commits;
    if (this.#commits.size > 2) this.#commits.delete(oldest as number);
  }

  /** Leaves the partition alone for a while, longer each time. */
  defer(now: number, delayMs: (failedTries: number) => number): number {
    this.#failedFetches += 1;
    const delay = delayMs(this.#failedFetches);
    this.#fetchNotBefore = now + delay;
    return delay;
  }

  mayFetch(now: number): boolean {
    return this.#isOpen && !this.isPaused && now >= this.#fetchNotBefore;
  }

  /** Yields and fetches nothing more; events in flight are finished. */
  close(): void {
    this.#isOpen = false;
    // What was fetched and is dropped here is fetched by whoever comes next: it must not count as done with.
    const next = this.#records[this.#next] ?? this.#later[0]?.[0];
    this.#fetchOffset = next?.offset ?? this.#fetchOffset;
    this.#records = [];
    this.#later.length = 0;
    this.#bufferedBytes = 0;
  }

  /** Abandons the events in flight. */
  abort(): void {
    this.close();
    this.#abort.abort();
  }

  /** Offsets of events in flight, or of those that will be next. */
  #upcoming(): readonly number[] {
    if (this.#inFlight.length > 0) return this.#inFlight;
    return [...this.#records.slice(this.#next), ...this.#later.flat()].map(({ offset }) => offset);
  }

  #shift(): FetchedRecord | undefined {
    if (this.#next >= this.#records.length) {
      this.#records = this.#later.shift() ?? [];
      this.#next = 0;
    }
    const record = this.#records[this.#next];
    if (record === undefined) return undefined;
    this.#next += 1;
    this.#bufferedBytes -= record.size;
    return record;
  }

  #delivery({ offset, key, value, headers, unreadable }: FetchedRecord): Delivery {
    return {
      ...(unreadable === undefined ? {} : { unreadable: unreadable.error }),
      message: { topic: this.topic, key, value, headers },
      lane: this.name,
      ordinal: offset,
      position: `${this.partition}:${unreadable?.firstOffset ?? offset}`,
      deliveryCount: this.#tally?.deliveryCount(offset) ?? 1,
      abortSignal: this.#abort.signal,
    };
  }
}

/** `<full topic>:<partition>` */
export function laneName(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}
