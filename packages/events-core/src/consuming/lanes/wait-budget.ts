import { runtime } from '../../runtime/runtime.js';

/** Adds up the time in which others wait for one event, and calls back when it is used up. */
export class WaitBudget {
  #leftMs: number;
  readonly #onExhausted: () => void;
  #startedAt = 0;
  #running: AbortController | undefined;

  constructor(budgetMs: number, onExhausted: () => void) {
    this.#leftMs = budgetMs;
    this.#onExhausted = onExhausted;
  }

  /** Others wait from now on. Safe to call twice. */
  start(): void {
    if (this.#running !== undefined || this.#leftMs <= 0) return;
    const running = new AbortController();
    this.#running = running;
    const { clock } = runtime();
    this.#startedAt = clock.monotonic();
    void clock.sleep(this.#leftMs, running.signal).then(() => {
      if (running.signal.aborted) return;
      this.stop();
      this.#leftMs = 0;
      this.#onExhausted();
    });
  }

  /** Nobody waits for it now. */
  stop(): void {
    if (this.#running === undefined) return;
    this.#running.abort();
    this.#running = undefined;
    this.#leftMs -= runtime().clock.monotonic() - this.#startedAt;
  }
}
