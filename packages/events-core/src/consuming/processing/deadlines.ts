import { runtime } from '../../runtime/runtime.js';

/** How late a missed deadline may be noticed: one periodic check is much cheaper than a timer for each event. */
const CHECK_EVERY_MS = 1_000;

/** Calls back for what has missed its deadline, at most a second late. */
export class Deadlines {
  readonly #watched = new Set<Watched>();
  readonly #closed = new AbortController();
  #isChecking = false;

  /**
   * Calls `onLate` after that many milliseconds, unless the returned function was called before; that returns whether it
   * was in time.
   */
  watch(afterMs: number, onLate: () => void): () => boolean {
    if (this.#closed.signal.aborted) return () => true; // a sleep would return at once
    const watched = { deadline: runtime().clock.monotonic() + afterMs, onLate };
    this.#watched.add(watched);
    if (!this.#isChecking) void this.#check(Math.min(CHECK_EVERY_MS, afterMs));
    return () => this.#watched.delete(watched);
  }

  /** Stops its timer. Nothing is called back any more. */
  close(): void {
    this.#closed.abort();
    this.#watched.clear();
  }

  async #check(firstMs: number): Promise<void> {
    this.#isChecking = true;
    for (let waitMs = firstMs; this.#watched.size > 0; waitMs = this.#nextWaitMs()) {
      await runtime().clock.sleep(waitMs, this.#closed.signal);
      const now = runtime().clock.monotonic();
      for (const watched of this.#watched) {
        if (watched.deadline > now) continue;
        this.#watched.delete(watched);
        watched.onLate();
      }
    }
    this.#isChecking = false;
  }

  #nextWaitMs(): number {
    const now = runtime().clock.monotonic();
    let next = CHECK_EVERY_MS;
    for (const { deadline } of this.#watched) next = Math.min(next, Math.max(1, deadline - now));
    return next;
  }
}

interface Watched {
  /** On the clock that never jumps. */
  readonly deadline: number;
  readonly onLate: () => void;
}
