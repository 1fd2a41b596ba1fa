import type { PendingEntry } from '../store/outbox-entry.js';

/** Where a read of a topic starts, and what it leaves out. */
export interface WindowRead {
  readonly after: bigint;
  readonly except: readonly bigint[];
  /** Counts the times that the window was forgotten. */
  readonly epoch: number;
  /** Whether it is the first read since the window was forgotten. */
  readonly isSweep: boolean;
}

/**
 * The entries of a topic that were read and are still in the table, and the position below which there are no others. A
 * read leaves out these entries instead of starting behind them: an entry may appear between them, and must be published
 * before later ones of its key.
 */
export class TopicWindow {
  readonly #inFlight = new Set<bigint>();
  /** All entries up to here were read. */
  #known = 0n;
  #highest = 0n;
  #epoch = 0;
  #isForgotten = false;

  /** There is nothing to read at this position and before it. */
  get floor(): bigint {
    let floor = this.#known;
    for (const position of this.#inFlight) if (position <= floor) floor = position - 1n;
    return floor;
  }

  /** Whether rows that were read and deleted lie above the floor, so that reading again up to the horizon raises it. */
  isBehind(horizon: bigint): boolean {
    return this.#known < this.#highest && this.#highest <= horizon;
  }

  startRead(): WindowRead {
    const isSweep = this.#isForgotten;
    this.#isForgotten = false;
    return { after: this.floor, except: [...this.#inFlight], epoch: this.#epoch, isSweep };
  }

  /** Adds what a read has returned. @param horizon as it was when the read started */
  add({ epoch }: WindowRead, entries: readonly PendingEntry[], horizon: bigint): void {
    for (const { position } of entries) this.#inFlight.add(position);
    const last = entries.at(-1)?.position;
    if (last !== undefined && last > this.#highest) this.#highest = last;
    if (epoch !== this.#epoch) return;
    const known = last === undefined || last > horizon ? horizon : last;
    if (known > this.#known) this.#known = known;
  }

  /** Notes that entries are not in the table any more. */
  removed(positions: Iterable<bigint>): void {
    for (const position of positions) this.#inFlight.delete(position);
  }

  /** Notes that the entries in flight must be read again. */
  release(): void {
    this.#known = this.floor;
    this.#inFlight.clear();
  }

  /** Makes the next read start at the first entry. */
  forget(): void {
    this.#known = 0n;
    this.#epoch += 1;
    this.#isForgotten = true;
  }
}
