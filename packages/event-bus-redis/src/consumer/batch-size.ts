/**
 * Number of entries of one read: the configured one, fewer after the connection was lost during a read, because a smaller
 * reply may get through where a large one does not (a slow line, a limit of a proxy or of Redis).
 */
export class BatchSize {
  readonly #largest: number;
  #size: number;

  constructor(largest: number) {
    this.#largest = largest;
    this.#size = largest;
  }

  get size(): number {
    return this.#size;
  }

  /** To be called when a read has failed. */
  shrink(): void {
    this.#size = Math.max(1, Math.floor(this.#size / 4));
  }

  /** To be called after a read of so many entries: only a full batch shows that more may get through. */
  grow(entries: number): void {
    if (entries >= this.#size) this.#size = Math.min(this.#largest, this.#size + Math.ceil(this.#size / 4));
  }
}
