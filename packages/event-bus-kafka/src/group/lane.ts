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
  /** Offsets handed over whose acknowledgement has not come, in order. */
  #inHand: number[] = [];
  /** Those of them that are still to be handed over. */
  #prepared: readonly Delivery[] = [];
  #tally: DeliveryTally | undefined;
  /** Offsets in a topic that is gone, of events that are still to be handled: nothing to commit in the one made anew. */
  readonly #strays = new Set<number>();
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
   * @param tally how often events were begun; without it, all are at their first delivery
   */
  constructor(topic: string, partition: number, committed: number, handled: number, tally?: DeliveryTally) {
    this.topic = topic;
    this.partition = partition;
    this.name = laneName(topic, partition);
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

  /** Records handed over whose acknowledgement has not come. */
  get inHand(): number {
    return this.#inHand.length;
  }

  /** Fires when what is in hand does not count any more. */
  get abortSignal(): AbortSignal {
    return this.#abort.signal;
  }

  get tally(): DeliveryTally | undefined {
    return this.#tally;
  }

  /** Whether the oldest event in hand is to be handled alone, so that nothing is begun before that is counted. */
  get isCareful(): boolean {
    const [oldest] = this.#inHand;
    return oldest !== undefined && this.#tally?.isCareful(oldest) === true;
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
    this.#later.push(records);
  }

  /** Goes on elsewhere, where what comes next is gone. */
  moveTo(offset: number): void {
    this.#fetchOffset = offset;
    if (offset < this.#handled) {
      const buffered = [...this.#records.slice(this.#next), ...this.#later.flat()];
      for (const stray of [...this.#inHand, ...buffered.map((record) => record.offset)])
        this.#strays.add(stray);
      this.#handled = offset;
      this.#tally = undefined; // it is of the topic that is gone
    }
    if (this.inHand === 0 && this.#bufferedBytes === 0) this.#handled = offset;
  }

  /** Records that count as handed over already, and are still here. */
  get prepared(): number {
    return this.#prepared.length;
  }

  /** Counts what `take` gives next as in hand already; says whether there is something. */
  prepare(count: number): boolean {
    this.#prepared = this.take(count);
    return this.#prepared.length > 0;
  }

  /** What is prepared, and up to so many deliveries more. */
  take(count: number): readonly Delivery[] {
    if (!this.#isOpen || this.isPaused) return [];
    const prepared = this.#prepared;
    this.#prepared = [];
    const deliveries: Delivery[] = [];
    for (let free = count; free > 0; free -= 1) {
      const record = this.#shift();
      if (record === undefined) break;
      deliveries.push(this.#delivery(record));
    }
    for (const { ordinal } of deliveries) this.#inHand.push(ordinal);
    return prepared.length === 0 ? deliveries : [...prepared, ...deliveries];
  }

  /** Notes what was handled; says which offset to commit. */
  acknowledge(ordinals: readonly number[]): number {
    this.#inHand.splice(0, this.#inHand.indexOf(ordinals.at(-1) as number) + 1);
    const last = ordinals.findLast((offset) => !this.#strays.has(offset));
    this.#handled = Math.max(this.#handled, (last ?? -1) + 1);
    // Behind the last record may lie markers of transactions, which never come.
    if (this.inHand === 0 && this.#bufferedBytes === 0)
      this.#handled = Math.max(this.#handled, this.#fetchOffset);
    return this.#handled;
  }

  /** What to write with a commit of an offset. */
  metadataAt(offset: number): string | null {
    return this.#tally?.metadataAt(offset, this.#inHand) ?? null;
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

  /** Nothing more is taken or fetched; what is in hand goes on. */
  close(): void {
    this.#isOpen = false;
    // What was fetched and is dropped here is fetched by whoever comes next: it must not count as done with.
    const next = this.#records[this.#next] ?? this.#later[0]?.[0];
    this.#fetchOffset = next?.offset ?? this.#fetchOffset;
    this.#records = [];
    this.#later.length = 0;
    this.#prepared = [];
    this.#bufferedBytes = 0;
  }

  /** What is in hand does not count any more. */
  abort(): void {
    this.close();
    this.#abort.abort();
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

  #delivery({ offset, key, value, headers }: FetchedRecord): Delivery {
    return {
      message: { topic: this.topic, key, value, headers },
      lane: this.name,
      ordinal: offset,
      position: `${this.partition}:${offset}`,
      deliveryCount: this.#tally?.countOf(offset) ?? 1,
      abortSignal: this.#abort.signal,
    };
  }
}

/** `<full topic>:<partition>` */
export function laneName(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}
