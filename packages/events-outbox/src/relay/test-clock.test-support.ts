import type { Clock } from '@openedx-ts/events-core';

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #now = 0;
  #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now = () => Date.UTC(2026, 0, 1) + this.#now;
  monotonic = () => this.#now;

  /** How many sleeps have not ended. */
  get pending(): number {
    return this.#sleepers.size;
  }

  sleep(durationMs: number, abortSignal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (abortSignal?.aborted) return resolve();
      const sleeper = {
        at: this.#now + durationMs,
        wake: () => {
          this.#sleepers.delete(sleeper);
          abortSignal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      abortSignal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Moves on; whoever sleeps wakes at its own time and gets to run before the next. */
  async advance(durationMs: number): Promise<void> {
    await settle();
    const end = this.#now + durationMs;
    for (let next = this.#nextBefore(end); next !== undefined; next = this.#nextBefore(end)) {
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settle();
    }
    this.#now = end;
  }

  /** Moves on as if the process were frozen: nobody wakes, and timers that are due fire afterwards. */
  freeze(durationMs: number): void {
    this.#now += durationMs;
  }

  #nextBefore(end: number) {
    return [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Resolves once everything that can go on without time passing has gone on. */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < 8; tick += 1) await new Promise(setImmediate);
}
