import { runtime } from '@openedx-ts/events-core/bus';

export interface TimedMemoryOptions<Value> {
  readonly keepMs: number;
  /** Maximum number of entries. */
  readonly capacity: number;
  /** Maximum total cost of the entries, in the unit of `costOf`. @defaultValue no limit */
  readonly maxCost?: number;
  readonly costOf?: (value: Value) => number;
}

/** A cache whose entries expire, limited in number and cost: the oldest entries are removed first. */
export class TimedMemory<Key, Value> {
  readonly #options: Required<TimedMemoryOptions<Value>>;
  readonly #entries = new Map<Key, { readonly value: Value; readonly until: number }>();
  #cost = 0;

  constructor(options: TimedMemoryOptions<Value>) {
    this.#options = { maxCost: Infinity, costOf: () => 0, ...options };
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || runtime().clock.monotonic() < entry.until) return entry?.value;
    this.delete(key);
    return undefined;
  }

  /** Adds an entry. One that exceeds the total cost alone is kept until the next is added. */
  set(key: Key, value: Value): void {
    const { keepMs, capacity, maxCost, costOf } = this.#options;
    this.delete(key);
    this.#entries.set(key, { value, until: runtime().clock.monotonic() + keepMs });
    this.#cost += costOf(value);
    for (const oldest of this.#entries.keys()) {
      if (oldest === key || (this.#entries.size <= capacity && this.#cost <= maxCost)) return;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#cost -= this.#options.costOf(entry.value);
    this.#entries.delete(key);
  }
}
