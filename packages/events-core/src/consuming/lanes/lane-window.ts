import { bufferedBytes } from '../../wire/buffered-bytes.js';
import type { Message } from '../../wire/message.js';
import type { Delivery } from '../types/delivery.js';
import { FIRST_EXCLUSIVE_DELIVERY } from '../types/first-exclusive-delivery.js';
import type { ExclusiveEvent } from './exclusive-event.js';
import type { SharedPeriod } from './exclusive-gate.js';

export interface LaneWindowOptions {
  /** The delivery count above which an event is dead-lettered, because it crashes the process. */
  readonly maxDeliveries: number;
  /** The unit of order: deliveries with the same key are processed one after another. */
  readonly keyOf: (delivery: Delivery) => string;
}

/** A delivery and its progress. */
export interface LaneEntry {
  /** Without its message once it is finished. */
  delivery: Delivery;
  readonly key: string;
  /** The size of its message while it is unfinished; then 0. */
  bytes: number;
  /** Whether the event is processed exclusively. It may become an ordinary one, and never the other way. */
  isExclusive: boolean;
  /** Whether it exceeded `maxDeliveries`. */
  readonly isCrashing: boolean;
  status: 'waiting' | 'in flight' | 'finished' | 'abandoned';
  /** While it is inside the exclusive gate, shared. */
  inside?: SharedPeriod | undefined;
  /** Since the lane waits for its exclusive processing. */
  exclusive?: ExclusiveEvent;
}

/**
 * The deliveries of a lane from the oldest unfinished one on: which may start, and up to which all are finished. An
 * exclusive event is a barrier: it starts when every earlier one is finished, and later ones wait until it is lifted.
 */
export class LaneWindow {
  readonly #options: LaneWindowOptions;
  #entries: LaneEntry[] = [];
  /** Entries that may start. */
  #ready: LaneEntry[] = [];
  /** By the key of each entry that is ready or in flight: the entries that come after it. */
  readonly #behind = new Map<string, LaneEntry[]>();
  #barrier: LaneEntry | undefined;
  /** Entries behind the barrier. */
  #held: LaneEntry[] = [];
  #finished = 0;
  #bytes = 0;

  constructor(options: LaneWindowOptions) {
    this.#options = options;
  }

  /** The number of unfinished entries. */
  get unfinished(): number {
    return this.#entries.length - this.#finished;
  }

  /** The size of the messages of unfinished entries. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of entries that are finished behind an unfinished one. */
  get finished(): number {
    return this.#finished;
  }

  /** The exclusive event that later ones wait for. */
  get barrier(): LaneEntry | undefined {
    return this.#barrier;
  }

  /** Whether the barrier is the next to start: everything before it is finished. */
  get isBarrierNext(): boolean {
    return this.#barrier?.status === 'waiting' && this.#entries[0] === this.#barrier;
  }

  /** Whether there is an ordinary event that may start. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** The oldest entry: it is not finished. */
  get oldest(): LaneEntry | undefined {
    return this.#entries[0];
  }

  /** The events that have started and not ended. */
  get inFlight(): readonly LaneEntry[] {
    return this.#entries.filter(({ status }) => status === 'in flight');
  }

  add(delivery: Delivery): void {
    const { maxDeliveries, keyOf } = this.#options;
    const { deliveryCount } = delivery;
    const isExclusive = deliveryCount >= FIRST_EXCLUSIVE_DELIVERY;
    const isCrashing = isExclusive && deliveryCount > maxDeliveries;
    const key = keyOf(delivery);
    const bytes = bufferedBytes(delivery.message);
    const entry: LaneEntry = { delivery, key, bytes, isExclusive, isCrashing, status: 'waiting' };
    this.#bytes += entry.bytes;
    this.#entries.push(entry);
    this.#place(entry);
  }

  /** The ordinary event that may start next. */
  next(): LaneEntry | undefined {
    return this.#ready[0];
  }

  start(entry: LaneEntry): void {
    if (this.#ready[0] === entry) this.#ready.shift();
    entry.status = 'in flight';
  }

  /** Ends an event in flight. @returns the ordinals of all that are finished now without an unfinished one before them */
  end(entry: LaneEntry, status: 'finished' | 'abandoned'): readonly number[] {
    const isWanted = entry.status === 'in flight';
    entry.status = status;
    this.#release(entry);
    const next = this.#behind.get(entry.key)?.shift();
    if (next === undefined) this.#behind.delete(entry.key);
    else this.#ready.push(next);
    if (status === 'abandoned') this.abandonWaiting();
    if (status === 'finished' && isWanted) this.#finished += 1;
    const finished: number[] = [];
    for (const { status, delivery } of this.#entries) {
      if (status !== 'finished') break;
      finished.push(delivery.ordinal);
    }
    if (finished.length === 1) this.#entries.shift();
    else if (finished.length > 1) this.#entries.splice(0, finished.length);
    else if (status === 'finished') entry.delivery = { ...entry.delivery, message: NO_MESSAGE }; // many may wait here
    this.#finished -= finished.length;
    return finished;
  }

  /** Lets the entries behind the barrier start. An unfinished exclusive event becomes an ordinary one. */
  lift(barrier: LaneEntry): void {
    if (this.#barrier !== barrier) return;
    this.#barrier = undefined;
    barrier.isExclusive = false;
    if (barrier.status === 'waiting') this.#place(barrier);
    else if (barrier.status === 'in flight') this.#behind.set(barrier.key, []);
    const held = this.#held;
    this.#held = [];
    for (const entry of held) this.#place(entry);
  }

  /**
   * Abandons what has not started. An abandoned event comes again, and all behind it must come again after it: abandoned
   * entries stay among those in flight, so that nothing behind them is acknowledged.
   */
  abandonWaiting(): void {
    for (const entry of this.#entries) {
      if (entry.status !== 'waiting') continue;
      entry.status = 'abandoned';
      this.#release(entry);
    }
    const last = this.#entries.findLastIndex(({ status }) => status !== 'abandoned');
    this.#entries.length = last + 1;
    this.#ready = [];
    this.#held = [];
    this.#behind.clear();
    for (const entry of this.inFlight) if (entry !== this.#barrier) this.#behind.set(entry.key, []);
    if (this.#barrier?.status === 'abandoned') this.#dropBarrier();
  }

  /** Removes the finished entries that are behind an unfinished one. @returns their ordinals, in order */
  takeFinished(): readonly number[] {
    const finished = this.#entries.filter(({ status }) => status === 'finished');
    this.#entries = this.#entries.filter(({ status }) => status !== 'finished');
    this.#finished = 0;
    return finished.map(({ delivery }) => delivery.ordinal);
  }

  /** Forgets everything: it comes again. */
  clear(): void {
    this.abandonWaiting();
    for (const entry of this.#entries) entry.status = 'abandoned';
    for (const entry of this.#entries) this.#release(entry);
    this.#entries = [];
    this.#finished = 0;
    this.#dropBarrier();
  }

  #release(entry: LaneEntry): void {
    this.#bytes -= entry.bytes;
    entry.bytes = 0;
  }

  #dropBarrier(): void {
    const exclusive = this.#barrier?.exclusive;
    this.#barrier = undefined;
    exclusive?.end();
  }

  #place(entry: LaneEntry): void {
    if (this.#barrier !== undefined) {
      this.#held.push(entry);
    } else if (entry.isExclusive) {
      this.#barrier = entry;
    } else {
      const behind = this.#behind.get(entry.key);
      if (behind !== undefined) behind.push(entry);
      else {
        this.#behind.set(entry.key, []);
        this.#ready.push(entry);
      }
    }
  }
}

const NO_MESSAGE: Message = Object.freeze({ topic: '', key: null, value: null, headers: [] });
