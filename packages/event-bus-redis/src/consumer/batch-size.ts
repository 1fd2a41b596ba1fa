/**
 * Number of entries of one read: the configured one, fewer after the connection was lost during a read, because a smaller
 * reply may get through where a large one does not (a slow line, a limit of a proxy or of Redis), and so few that a reply
 * stays within `maxBytes`. Redis has no limit of that kind, so the size of entries is learned from those that were read.
 */
export class BatchSize {
  readonly #largest: number;
  readonly #maxBytes: number;
  #size: number;
  /** How many entries take `maxBytes`, as far as it is known. */
  #fitting: number;

  constructor(largest: number, maxBytes = Infinity) {
    this.#largest = largest;
    this.#maxBytes = maxBytes;
    this.#size = largest;
    this.#fitting = maxBytes === Infinity ? Infinity : FIRST_ENTRIES;
  }

  get size(): number {
    return this.sizeOf(1);
  }

  /** The number of entries of each stream when several are read at once. */
  sizeOf(streams: number): number {
    return Math.max(1, Math.min(this.#size, Math.floor(this.#fitting / streams)));
  }

  /** To be called when a read has failed. */
  shrink(): void {
    this.#size = Math.max(1, Math.floor(this.#size / 4));
  }

  /** To be called after a read of so many entries: only a full batch shows that more may get through. */
  grow(entries: number, bytes = 0): void {
    if (entries >= this.#size) this.#size = Math.min(this.#largest, this.#size + Math.ceil(this.#size / 4));
    if (entries === 0) return;
    const fitting = Math.min((this.#maxBytes * entries) / bytes, this.#fitting * 2);
    this.#fitting = Math.max(1, fitting);
  }
}

/** Entries of the first read: they may be as large as Redis accepts. */
const FIRST_ENTRIES = 16;
