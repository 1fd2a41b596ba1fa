import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Limits how long messages wait for schemas that a store does not have, or not yet: a producer may write one late. All
 * messages share one wait, so a thousand made-up fingerprints cannot hold a partition or stream longer than one does.
 * The wait is granted again when a schema that was waited for arrives, and `renewMs` after it was used up.
 */
export class SchemaPatience {
  readonly #waitMs: number;
  readonly #renewMs: number;
  /** When the current wait started, on the monotonic clock; undefined while nothing was waited for. */
  #since: number | undefined;
  readonly #missing = new Set<string>();

  /** @defaultValue `waitMs` 5,000 milliseconds, `renewMs` 300,000 */
  constructor({ waitMs = 5_000, renewMs = 300_000 } = {}) {
    this.#waitMs = waitMs;
    this.#renewMs = renewMs;
  }

  /** Notes that a schema is missing. Returns whether its message must be retried; with false it is poison. */
  mustWait(schema: string): boolean {
    const now = runtime().clock.monotonic();
    if (this.#since === undefined || now - this.#since >= this.#waitMs + this.#renewMs) {
      this.#since = now;
      this.#missing.clear();
    }
    if (this.#missing.size < MAX_MISSING) this.#missing.add(schema);
    return now - this.#since < this.#waitMs;
  }

  /** Notes that a schema was found. */
  found(schema: string): void {
    if (!this.#missing.delete(schema)) return;
    this.#since = undefined;
    this.#missing.clear();
  }
}

/** Maximum number of missing schemas that are remembered: their names come from messages. */
const MAX_MISSING = 1_000;
