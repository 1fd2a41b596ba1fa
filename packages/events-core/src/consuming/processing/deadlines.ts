import { runtime } from '../../runtime/runtime.js';

/** How late a deadline may be noticed: looking now and then is much cheaper than a timer for each event. */
const LOOK_EVERY_MS = 1_000;

/** Tells of what takes too long. */
export class Deadlines {
  readonly #watched = new Set<Watched>();
  readonly #closed = new AbortController();
  #isLooking = false;

  /** Calls back once that much time has passed, unless the function that it returns was called before. */
  watch(afterMs: number, onLate: () => void): () => void {
    if (this.#closed.signal.aborted) return () => {}; // a sleep would not wait any more
    const watched = { deadline: runtime().clock.monotonic() + afterMs, onLate };
    this.#watched.add(watched);
    if (!this.#isLooking) void this.#look(Math.min(LOOK_EVERY_MS, afterMs));
    return () => this.#watched.delete(watched);
  }

  /** Ends its timer; nothing more is told. */
  close(): void {
    this.#closed.abort();
    this.#watched.clear();
  }

  async #look(firstMs: number): Promise<void> {
    this.#isLooking = true;
    for (let waitMs = firstMs; this.#watched.size > 0; waitMs = this.#nextWaitMs()) {
      await runtime().clock.sleep(waitMs, this.#closed.signal);
      const now = runtime().clock.monotonic();
      for (const watched of this.#watched) {
        if (watched.deadline > now) continue;
        this.#watched.delete(watched);
        watched.onLate();
      }
    }
    this.#isLooking = false;
  }

  #nextWaitMs(): number {
    const now = runtime().clock.monotonic();
    let next = LOOK_EVERY_MS;
    for (const { deadline } of this.#watched) next = Math.min(next, Math.max(1, deadline - now));
    return next;
  }
}

interface Watched {
  /** On the clock that never jumps. */
  readonly deadline: number;
  readonly onLate: () => void;
}
