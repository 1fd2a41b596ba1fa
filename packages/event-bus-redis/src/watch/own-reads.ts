import { compareEntryIds } from '../stream/entry-id.js';
import type { GroupMove } from './group-moves.js';
import { OwnDeliveries } from './own-deliveries.js';

/** What this member had read from a stream at some time. */
export interface OwnReadsSoFar {
  /** The newest entry that was delivered to this member; undefined when it is not known. */
  readonly newestId: string | undefined;
  /** Number of new entries since the last look. */
  readonly count: number;
  /** Whether all that was delivered is known: a read has ended since the start, or since a reply was lost. */
  readonly hasRead: boolean;
  /** Whether a read was under way. */
  readonly isReading: boolean;
  /** Number of reads that had ended. */
  readonly readsEnded: number;
}

/** Remembers what this member reads from a stream. */
export class OwnReads {
  #deliveries = new OwnDeliveries();
  #newestId: string | undefined;
  #count = 0;
  #hasRead = false;
  #isReading = false;
  #readsEnded = 0;
  #wentBack: GroupMove | undefined;

  /**
   * Starts anew: entries in replies that were lost are delivered again, so what is known is incomplete until new entries
   * are read.
   */
  restart(): void {
    this.#hasRead = false;
    this.#isReading = false;
  }

  /** Notes that a read for new entries starts. */
  start(): void {
    this.#isReading = true;
  }

  /**
   * Notes what a read for new entries returned. Unless somebody moves the group back, they are newer than all before.
   *
   * @param others how many entries of the same read held no event
   */
  add(entries: readonly { readonly id: string }[], others: number): void {
    this.#hasRead = true;
    this.#isReading = false;
    this.#readsEnded += 1;
    this.#count += entries.length;
    this.#deliveries.add(entries, others);
    const first = entries[0]?.id;
    const known = this.#newestId;
    if (first !== undefined && known !== undefined && compareEntryIds(first, known) <= 0) {
      this.#wentBack ??= { from: known, to: first, skipped: 0 };
      this.#newestId = undefined;
    }
    this.addAgain(entries);
  }

  /** Notes entries that were delivered before, perhaps to this member in a reply that was lost. */
  addAgain(entries: readonly { readonly id: string }[]): void {
    const last = entries.at(-1)?.id;
    if (last === undefined) return;
    if (this.#newestId === undefined || compareEntryIds(last, this.#newestId) > 0) this.#newestId = last;
  }

  /** Take this before Redis is asked: what was delivered to this member by then, was delivered to the group. */
  get soFar(): OwnReadsSoFar {
    return {
      newestId: this.#newestId,
      count: this.#count,
      hasRead: this.#hasRead,
      isReading: this.#isReading,
      readsEnded: this.#readsEnded,
    };
  }

  /** How many entries were delivered to this member up to this one; undefined unless a recent read ended with it. */
  deliveredUpTo(id: string): number | undefined {
    return this.#deliveries.upTo(id);
  }

  /**
   * Starts the count of the next look, behind what this look has compared.
   *
   * @param movedTo the entry behind which the group reads now, when somebody has moved it
   * @returns the move that reads have shown since the last look: new entries older than those before
   */
  endLook({ count }: OwnReadsSoFar, movedTo: string | undefined): GroupMove | undefined {
    this.#count -= count;
    if (movedTo !== undefined) this.#newestId = movedTo;
    const wentBack = this.#wentBack;
    this.#wentBack = undefined;
    return wentBack;
  }

  /** Forgets which entries were read: the stream is another one. */
  forget(): void {
    this.#deliveries = new OwnDeliveries();
    this.#newestId = undefined;
    this.#wentBack = undefined;
  }
}
