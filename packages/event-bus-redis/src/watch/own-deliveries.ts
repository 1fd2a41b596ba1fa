/**
 * Counts the entries that were delivered to this member, to compare their number with that by which a group has moved on.
 */
export class OwnDeliveries {
  #total = 0;
  /** The total at the last entry of each recent read. */
  readonly #totals = new Map<string, number>();

  /** New entries of one read, and how many entries of the same read held no event. */
  add(entries: readonly { readonly id: string }[], others: number): void {
    this.#total += entries.length + others;
    const last = entries.at(-1)?.id;
    if (last === undefined) return;
    this.#totals.set(last, this.#total);
    const [oldest] = this.#totals.keys();
    if (this.#totals.size > MAX_READS && oldest !== undefined) this.#totals.delete(oldest);
  }

  /** How many entries were delivered to this member up to this one; undefined unless a recent read ended with it. */
  upTo(id: string): number | undefined {
    return this.#totals.get(id);
  }
}

/** Reads that are remembered: more than there are between two looks. */
const MAX_READS = 2_000;
