export interface AckBatchesOptions {
  /** Most deliveries that are acknowledged together. */
  readonly ackEvery: number;
  /** Sends one request; the next one is sent when it has settled. */
  readonly acknowledge: (ordinals: readonly number[]) => void | Promise<void>;
  /** Called when a request has failed, before `onSettled`. What was to be acknowledged after it is forgotten. */
  readonly onFailed: (error: unknown) => void;
  /** Called when a request has succeeded or failed. */
  readonly onSettled: () => void;
}

/** Collects what may be acknowledged in one lane, and acknowledges it in batches, one request at a time. */
export class AckBatches {
  readonly #options: AckBatchesOptions;
  #ordinals: number[] = [];
  #sending: readonly number[] = [];

  constructor(options: AckBatchesOptions) {
    this.#options = options;
  }

  /** Whether a batch is complete. */
  get isDue(): boolean {
    return this.#ordinals.length >= this.#options.ackEvery;
  }

  /** Whether so much waits that nothing more should start: a crash would make all of it come again. */
  get isFull(): boolean {
    return this.#ordinals.length + this.#sending.length >= this.#options.ackEvery;
  }

  /** Whether no request is in flight. */
  get isIdle(): boolean {
    return this.#sending.length === 0;
  }

  /** What the request in flight acknowledges, which is another object for each request; undefined for none. */
  get inFlight(): readonly number[] | undefined {
    return this.isIdle ? undefined : this.#sending;
  }

  /** Whether everything that was added is acknowledged. */
  get isEmpty(): boolean {
    return this.isIdle && this.#ordinals.length === 0;
  }

  add(ordinals: readonly number[]): void {
    for (const ordinal of ordinals) this.#ordinals.push(ordinal); // too many may be finished at once for one call
  }

  /** Acknowledges what there is, at most `ackEvery`, unless a request is in flight. */
  send(): void {
    if (!this.isIdle || this.#ordinals.length === 0) return;
    const batch = this.#ordinals.splice(0, this.#options.ackEvery);
    this.#sending = batch;
    void this.#send(batch);
  }

  async #send(batch: readonly number[]): Promise<void> {
    try {
      await this.#options.acknowledge(batch);
    } catch (error) {
      this.#ordinals = [];
      this.#options.onFailed(error);
    }
    this.#sending = [];
    this.#options.onSettled();
  }
}
