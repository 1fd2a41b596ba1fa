import { EXCLUSIVE_FROM_DELIVERY } from '@openedx-ts/events-core/bus';
import { DeliveryCounts } from './delivery-counts.js';

export interface DeliveryTallyOptions {
  /** Where the group was when the lane was assigned. */
  readonly committed: number;
  /** What the commit there says of it. */
  readonly metadata: string | null;
  /** Events that are handled and not acknowledged at the most, where all goes well. */
  readonly ackEvery: number;
}

/**
 * How often the events of a lane were begun, before and now. What is written says what was certainly or probably begun
 * by a receiver when the process dies, and never more: the oldest that is not acknowledged, and behind it as many as may
 * wait for their acknowledgement; but of those that are handled alone only the one that has been begun so.
 */
export class DeliveryTally {
  readonly #options: DeliveryTallyOptions;
  readonly #before: DeliveryCounts;
  /** What to write at the offset of the assignment when nothing is begun: word for word, be it ours or not. */
  readonly #original: string | null;
  /** The last two commits: of the last one nobody may know whether it arrived. */
  #written: readonly Written[];
  /** The offset of the event that is in hand alone. */
  #alone: number | undefined;
  #isOver = false;

  /** @param past of the lane that this process had here before */
  constructor(options: DeliveryTallyOptions, past?: DeliveryTally) {
    const { committed, metadata } = options;
    this.#options = options;
    this.#written = [{ offset: committed, metadata }];
    // What this process wrote and nobody changed since says nothing of a crash.
    const own = past?.hasWritten(committed, metadata) === true ? past : undefined;
    this.#before = own === undefined ? DeliveryCounts.of(metadata, committed) : own.#before;
    this.#original = own === undefined ? metadata : own.#untouchedAt(committed);
  }

  /** How often an event is delivered, this time included. */
  countOf(offset: number): number {
    return this.#before.at(offset) + 1;
  }

  isCareful(offset: number): boolean {
    return this.countOf(offset) >= EXCLUSIVE_FROM_DELIVERY;
  }

  /** Notes that an event is begun alone, or is not any more. @returns whether that must be written */
  countExclusive(offset: number, isBegun: boolean): boolean {
    const before = this.#alone;
    if (isBegun) this.#alone = offset;
    else if (before === offset) this.#alone = undefined;
    return this.#alone !== before;
  }

  /** What to write with a commit. @param inHand offsets that were handed out and not acknowledged, in order */
  metadataAt(offset: number, inHand: readonly number[]): string | null {
    const [oldest] = inHand;
    if (oldest === undefined || this.#isOver) return this.#untouchedAt(offset);
    if (this.isCareful(oldest)) {
      if (oldest !== this.#alone) return this.#untouchedAt(offset);
      return this.#before.onceMoreAlone(oldest).textAt(offset);
    }
    const last = inHand[Math.min(this.#options.ackEvery, inHand.length) - 1];
    return this.#before.onceMore((last ?? oldest) + 1).textAt(offset);
  }

  /** Notes what the broker was asked to keep; it may have done so although no answer came. */
  noteWritten(offset: number, metadata: string | null): void {
    const written = { offset, metadata };
    const last = this.#written.at(-1);
    if (last === undefined || !isSame(last, written)) this.#written = [...this.#written.slice(-1), written];
  }

  /** Whether this is what the broker has, as far as this process knows. */
  hasWritten(offset: number, metadata: string | null): boolean {
    return this.#written.some((written) => isSame(written, { offset, metadata }));
  }

  /**
   * Notes that the lane is given up in good order: what is still in hand was not what ended the process.
   *
   * @returns whether that must be written
   */
  end(offset: number): boolean {
    this.#isOver = true;
    const last = this.#written.at(-1);
    return last?.offset === offset && !isSame(last, { offset, metadata: this.#untouchedAt(offset) });
  }

  /** Without what was begun now. */
  #untouchedAt(offset: number): string | null {
    return offset === this.#options.committed ? this.#original : this.#before.textAt(offset);
  }
}

interface Written {
  readonly offset: number;
  readonly metadata: string | null;
}

/** Brokers give an empty text for none. */
function isSame(one: Written, other: Written): boolean {
  return one.offset === other.offset && (one.metadata ?? '') === (other.metadata ?? '');
}
