/** Limits of a `BoundedCache`. */
export interface BoundedCacheLimits<Value> {
  readonly maxEntries: number;
  /** Maximum sum of the costs of the entries, in the unit of `costOf`. @defaultValue no limit */
  readonly maxCost?: number;
  /** Returns the cost of an entry. @defaultValue 1 for each entry */
  readonly costOf?: (value: Value) => number;
}

/**
 * A map with a maximum size and cost, which drops entries that were not used lately when it is full. The entry set last is
 * kept even if it costs more than all entries may.
 */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #maxEntries: number;
  readonly #maxCost: number;
  readonly #costOf: (value: Value) => number;
  #cost = 0;

  constructor({ maxEntries, maxCost = Infinity, costOf = () => 1 }: BoundedCacheLimits<Value>) {
    this.#maxEntries = maxEntries;
    this.#maxCost = maxCost;
    this.#costOf = costOf;
  }

  /** The number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || !this.#isHalfFull) return value;
    this.#entries.delete(key); // to the end: what is in front is dropped first
    this.#entries.set(key, value);
    return value;
  }

  /** Adds or replaces an entry, and drops others while there are too many. */
  set(key: Key, value: Value): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#cost += this.#costOf(value);
    for (const oldest of this.#entries.keys()) {
      const isFull = this.#entries.size > this.#maxEntries || this.#cost > this.#maxCost;
      if (!isFull || oldest === key) return;
      this.delete(oldest);
    }
  }

  /** Removes an entry, if there is one. */
  delete(key: Key): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#cost -= this.#costOf(value);
    this.#entries.delete(key);
  }

  /** Before that, nothing is dropped soon, and noting what is used would cost time for each event. */
  get #isHalfFull(): boolean {
    return 2 * this.#entries.size > this.#maxEntries || 2 * this.#cost > this.#maxCost;
  }
}
