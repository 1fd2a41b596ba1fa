import { FIRST_EXCLUSIVE_DELIVERY } from '@openedx-ts/events-core/bus';
import { type CommitMetadata, formatCommitMetadata, parseCommitMetadata } from './commit-metadata.js';

/** Options of `DeliveryTally`. */
export interface DeliveryTallyOptions {
  /** The offset that the group had committed when the partition was assigned. */
  readonly committed: number;
  /** The text of that commit. */
  readonly metadata: string | null;
  /** Most events that are processed and not acknowledged. */
  readonly ackEvery: number;
  readonly maxDeliveries: number;
}

/**
 * Counts deliveries of a partition's events with one count for the committed offset. A commit carries the count that
 * applies if the process dies now: of the oldest event in flight, and of those up to `through` that may be in flight with
 * it, of which never more than two deliveries are counted. From the third delivery on an event is processed exclusively,
 * and counted by a commit of its own.
 */
export class DeliveryTally {
  readonly #options: DeliveryTallyOptions;
  readonly #before: CommitMetadata | undefined;
  /** What a commit of the assigned offset carries when no delivery is counted: the same text, whoever wrote it. */
  readonly #original: string | null;
  /** The offset of the first event behind the committed offset, which the count is for. */
  #first: number | undefined;
  /** The last two commits: it is not known whether the last one reached the broker. */
  #written: readonly Written[];
  /** The offset of the event that is processed exclusively. */
  #exclusive: number | undefined;
  #isOver = false;

  /** @param past the tally of this process' last assignment of the partition */
  constructor(options: DeliveryTallyOptions, past?: DeliveryTally) {
    const { committed, metadata, maxDeliveries } = options;
    this.#options = options;
    this.#written = [{ offset: committed, metadata }];
    // A text that this process wrote and nobody changed since reports no crash.
    const isOwn = past?.hasWritten(committed, metadata) === true;
    this.#original = isOwn ? past.#uncountedAt(committed) : metadata;
    this.#before = parseCommitMetadata(this.#original, committed, maxDeliveries);
  }

  /** Notes the offset of the first event that was fetched from the committed offset on; later calls change nothing. */
  noteFirst(offset: number): void {
    this.#first ??= offset;
  }

  /** How often an event is delivered, this delivery included. */
  deliveryCount(offset: number): number {
    return this.#countBefore(offset) + 1;
  }

  /** Whether an event is processed exclusively, and counted by a commit of its own. */
  isExclusive(offset: number): boolean {
    return this.deliveryCount(offset) >= FIRST_EXCLUSIVE_DELIVERY;
  }

  /** Notes that an event is processed exclusively, or not any more. @returns whether that must be committed */
  countExclusive(offset: number, isProcessing: boolean): boolean {
    const before = this.#exclusive;
    if (isProcessing) this.#exclusive = offset;
    else if (before === offset) this.#exclusive = undefined;
    return this.#exclusive !== before;
  }

  /** The text of a commit. @param inFlight offsets of events that are or will next be in flight, in order */
  metadataAt(offset: number, inFlight: readonly number[]): string | null {
    const [oldest] = inFlight;
    if (oldest === undefined || this.#isOver) return this.#uncountedAt(offset);
    const deliveries = this.deliveryCount(oldest);
    if (deliveries >= FIRST_EXCLUSIVE_DELIVERY) {
      if (oldest !== this.#exclusive) return this.#uncountedAt(offset);
      return formatCommitMetadata({ deliveries, through: this.#through(oldest) }, offset);
    }
    const last = inFlight[Math.min(this.#options.ackEvery, inFlight.length) - 1] ?? oldest;
    return formatCommitMetadata({ deliveries, through: this.#through(last) }, offset);
  }

  /** Notes what the broker was asked to keep; it may have done so although no answer came. */
  noteWritten(offset: number, metadata: string | null): void {
    const written = { offset, metadata };
    const last = this.#written.at(-1);
    if (last === undefined || !isSame(last, written)) this.#written = [...this.#written.slice(-1), written];
  }

  /** Whether the broker keeps this as far as this process knows. */
  hasWritten(offset: number, metadata: string | null): boolean {
    return this.#written.some((written) => isSame(written, { offset, metadata }));
  }

  /**
   * Notes that the partition is released gracefully: events in flight do not count as delivered.
   *
   * @returns whether that must be committed
   */
  end(offset: number): boolean {
    this.#isOver = true;
    const last = this.#written.at(-1);
    return last?.offset === offset && !isSame(last, { offset, metadata: this.#uncountedAt(offset) });
  }

  /** The text of a commit without the deliveries of this assignment. */
  #uncountedAt(offset: number): string | null {
    if (offset === this.#options.committed) return this.#original;
    const deliveries = this.#countBefore(offset);
    return deliveries === 0
      ? null
      : formatCommitMetadata({ deliveries, through: this.#through(offset) }, offset);
  }

  #countBefore(offset: number): number {
    if (this.#before === undefined || offset > this.#before.through) return 0;
    const { deliveries } = this.#before;
    const isCounted = offset === (this.#first ?? this.#options.committed);
    return isCounted ? deliveries : Math.min(deliveries, FIRST_EXCLUSIVE_DELIVERY - 1);
  }

  #through(offset: number): number {
    return Math.max(offset, this.#before?.through ?? offset);
  }
}

interface Written {
  readonly offset: number;
  readonly metadata: string | null;
}

/** Brokers return an empty text for none. */
function isSame(one: Written, other: Written): boolean {
  return one.offset === other.offset && (one.metadata ?? '') === (other.metadata ?? '');
}
