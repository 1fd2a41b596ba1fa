import type { Message } from '../wire/message.js';
import type { Delivery } from './delivery.js';
import { EXCLUSIVE_FROM_DELIVERY } from './exclusive-from-delivery.js';

export interface LaneWindowOptions {
  /** Deliveries after which an event is a suspect: those from the third on, it was in hand alone. */
  readonly maxDeliveries: number;
  /** What keeps its order: deliveries of one key are handled one after another. */
  readonly keyOf: (delivery: Delivery) => string;
}

/** A delivery, and how far it is. */
export interface LaneEntry {
  /** Without its message once it is handled. */
  delivery: Delivery;
  readonly key: string;
  /** To be handled alone, and acknowledged at once. */
  readonly isCareful: boolean;
  /** To be given up untried. */
  readonly isSuspect: boolean;
  status: 'waiting' | 'in hand' | 'finished' | 'let go';
}

/**
 * The deliveries of a lane, from the oldest that is not finished: which may begin, and up to where all are finished.
 */
export class LaneWindow {
  readonly #options: LaneWindowOptions;
  #entries: LaneEntry[] = [];
  /** Those that may begin. */
  #ready: LaneEntry[] = [];
  /** Behind the delivery of each key that is ready or in hand: those that come after it. */
  readonly #behind = new Map<string, LaneEntry[]>();
  #careful = 0;
  #finished = 0;

  constructor(options: LaneWindowOptions) {
    this.#options = options;
  }

  /** Those that are not finished. */
  get unfinished(): number {
    return this.#entries.length - this.#finished;
  }

  /** Those that are finished, behind one that is not. */
  get finished(): number {
    return this.#finished;
  }

  /** Whether some are to be handled alone; all others wait for those. */
  get isCareful(): boolean {
    return this.#careful > 0;
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  admit(delivery: Delivery): void {
    const { maxDeliveries, keyOf } = this.#options;
    const isCareful = delivery.deliveryCount >= EXCLUSIVE_FROM_DELIVERY;
    const isSuspect = isCareful && delivery.deliveryCount > maxDeliveries;
    const key = keyOf(delivery);
    const entry: LaneEntry = { delivery, key, isCareful, isSuspect, status: 'waiting' };
    if (isCareful) this.#careful += 1;
    this.#entries.push(entry);
    const behind = this.#behind.get(key);
    if (behind !== undefined) behind.push(entry);
    else {
      this.#behind.set(key, []);
      this.#ready.push(entry);
    }
  }

  /** The next that may begin; while there are some to be careful with, only the oldest, alone. */
  next(isAlone: boolean): LaneEntry | undefined {
    if (!this.isCareful) return this.#ready[0];
    const oldest = this.#entries[0];
    return isAlone && oldest?.status === 'waiting' ? oldest : undefined;
  }

  begin(entry: LaneEntry): void {
    if (this.#ready[0] === entry) this.#ready.shift();
    else this.#ready.splice(this.#ready.indexOf(entry), 1);
    entry.status = 'in hand';
  }

  /** Takes out those that are finished before any that is not; gives their ordinals. */
  end(entry: LaneEntry, status: 'finished' | 'let go'): readonly number[] {
    const isWanted = entry.status === 'in hand';
    entry.status = status;
    if (entry.isCareful) this.#careful -= 1;
    const next = this.#behind.get(entry.key)?.shift();
    if (next === undefined) this.#behind.delete(entry.key);
    else this.#ready.push(next);
    if (status === 'let go') this.letGo();
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

  /**
   * What is given up comes again, so all behind it must come again after it. What has not begun stays where it is among
   * what has: nothing behind it may be acknowledged.
   */
  letGo(): void {
    for (const entry of this.#entries) if (entry.status === 'waiting') entry.status = 'let go';
    const last = this.#entries.findLastIndex(({ status }) => status !== 'let go');
    this.#entries.length = last + 1;
    this.#ready = [];
    this.#behind.clear();
    const inHand = this.#entries.filter(({ status }) => status === 'in hand');
    for (const { key } of inHand) this.#behind.set(key, []);
    this.#careful = inHand.filter(({ isCareful }) => isCareful).length;
  }

  /** Forgets those that are not ready: they come again. */
  clear(): void {
    for (const entry of this.#entries) entry.status = 'let go';
    this.#entries = [];
    this.#finished = 0;
  }
}

const NO_MESSAGE: Message = Object.freeze({ topic: '', key: null, value: null, headers: [] });
