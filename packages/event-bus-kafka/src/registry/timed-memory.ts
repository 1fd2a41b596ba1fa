import { runtime } from '@openedx-ts/events-core/bus';

/** Remembers things for a while, and no more of them than fit. */
export class TimedMemory<Key, Value> {
  readonly #keepMs: number;
  readonly #capacity: number;
  readonly #entries = new Map<Key, { readonly value: Value; readonly until: number }>();

  constructor({ keepMs, capacity }: { readonly keepMs: number; readonly capacity: number }) {
    this.#keepMs = keepMs;
    this.#capacity = capacity;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || runtime().clock.monotonic() < entry.until) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    for (const oldest of this.#entries.size >= this.#capacity ? this.#entries.keys() : []) {
      this.#entries.delete(oldest);
      break;
    }
    this.#entries.set(key, { value, until: runtime().clock.monotonic() + this.#keepMs });
  }
}
