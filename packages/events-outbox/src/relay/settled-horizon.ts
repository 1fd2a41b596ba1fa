import type { PendingEntry } from '../store/outbox-entry.js';

/**
 * The position up to which every entry of the outbox is visible, or never will be. Positions are drawn before their
 * transactions commit, so an entry can appear behind others that were read before. But a transaction holds the lanes of
 * its entries from before it draws their positions until they are visible: when each lane was free once after a position
 * was seen, or a later entry of that lane was read, nothing can appear at that position or before it.
 */
export class SettledHorizon {
  #position = 0n;
  /** The highest position that was read. */
  #seen = 0n;
  /** A position that becomes the horizon as soon as no lane is left that was held since it was read. */
  #next: { readonly position: bigint; readonly lanes: Set<number> } | undefined;

  /** For reads that start from now on. */
  get position(): bigint {
    return this.#position;
  }

  /** Notes entries that were read. */
  saw(entries: readonly Pick<PendingEntry, 'position' | 'lane'>[]): void {
    for (const { position, lane } of entries) {
      if (position > this.#seen) this.#seen = position;
      if (this.#next !== undefined && position > this.#next.position) this.#next.lanes.delete(lane);
    }
  }

  /** Advances as far as the lanes allow. To be called now and then, not concurrently. */
  async advance(heldLanes: () => Promise<ReadonlySet<number>>): Promise<void> {
    const seen = this.#seen;
    if (seen <= this.#position) return;
    const held = await heldLanes();
    if (this.#next !== undefined) {
      for (const lane of this.#next.lanes) if (!held.has(lane)) this.#next.lanes.delete(lane);
      if (this.#next.lanes.size > 0) return;
      this.#position = this.#next.position;
    }
    const isSettled = held.size === 0;
    this.#next = isSettled ? undefined : { position: seen, lanes: new Set(held) };
    if (isSettled) this.#position = seen;
  }

  /** Forgets everything: after a failover positions may be drawn again. */
  reset(): void {
    this.#position = 0n;
    this.#seen = 0n;
    this.#next = undefined;
  }
}
