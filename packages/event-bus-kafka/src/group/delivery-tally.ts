import { FIRST_EXCLUSIVE_DELIVERY } from '@openedx-ts/events-core/bus';
import type { DeliveryCounts } from './commit-metadata.js';

/** Options of `DeliveryTally`. */
export interface DeliveryTallyOptions {
  /** The offset that the group had committed when the partition was assigned. */
  readonly committed: number;
  /** The counts of that commit, without those of this process' own deliveries. */
  readonly before: DeliveryCounts | undefined;
  /** Most events that are processed and not acknowledged. */
  readonly ackEvery: number;
}

/**
 * Counts deliveries of a partition's events with one count for the committed offset. A commit carries the count that
 * applies if the process dies now: of the oldest event in flight, and of those up to `through` that may be in flight with
 * it, of which never more than two deliveries are counted. From the third delivery on an event is processed exclusively,
 * and counted by a commit of its own.
 */
export class DeliveryTally {
  readonly #options: DeliveryTallyOptions;
  /** The offset of the first event behind the committed offset, which the count is for. */
  #first: number | undefined;
  /** The offset of the event that is processed exclusively. */
  #exclusive: number | undefined;
  #isOver = false;

  constructor(options: DeliveryTallyOptions) {
    this.#options = options;
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

  /** The counts of a commit. @param inFlight offsets of events that are or will next be in flight, in order */
  countsAt(offset: number, inFlight: readonly number[]): DeliveryCounts | undefined {
    const [oldest] = inFlight;
    if (oldest === undefined || this.#isOver) return this.uncountedAt(offset);
    const deliveries = this.deliveryCount(oldest);
    if (deliveries >= FIRST_EXCLUSIVE_DELIVERY) {
      return oldest === this.#exclusive
        ? { deliveries, through: this.#through(oldest) }
        : this.uncountedAt(offset);
    }
    const last = inFlight[Math.min(this.#options.ackEvery, inFlight.length) - 1] ?? oldest;
    return { deliveries, through: this.#through(last) };
  }

  /** Notes that the partition is released gracefully: events in flight do not count as delivered. */
  end(): void {
    this.#isOver = true;
  }

  /** The counts of a commit without the deliveries of this assignment. */
  uncountedAt(offset: number): DeliveryCounts | undefined {
    const { committed, before } = this.#options;
    if (offset === committed) return before;
    const deliveries = this.#countBefore(offset);
    return deliveries === 0 ? undefined : { deliveries, through: this.#through(offset) };
  }

  #countBefore(offset: number): number {
    const { before, committed } = this.#options;
    if (before === undefined || offset > before.through) return 0;
    const { deliveries } = before;
    const isCounted = offset === (this.#first ?? committed);
    return isCounted ? deliveries : Math.min(deliveries, FIRST_EXCLUSIVE_DELIVERY - 1);
  }

  #through(offset: number): number {
    return Math.max(offset, this.#options.before?.through ?? offset);
  }
}
