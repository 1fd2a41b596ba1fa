import type { Clock } from './clock.js';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  readonly #start: number;

  constructor(start: Date | string = '2026-01-02T03:04:05.678Z') {
    this.#start = new Date(start).getTime();
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(durationMs: number, abortSignal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (abortSignal?.aborted) return resolve();
      const sleeper = {
        at: this.#elapsed + durationMs,
        wake: () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          abortSignal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      abortSignal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** How long each pending sleep still takes, shortest first. */
  get pending(): readonly number[] {
    return this.#sleepers.map(({ at }) => at - this.#elapsed).sort((a, b) => a - b);
  }

  /** Moves on by that much; whoever sleeps wakes in order, each at its own time, and gets to run before the next. */
  async advance(durationMs: number): Promise<void> {
    await settle();
    const end = this.#elapsed + durationMs;
    for (let next = this.#nextBefore(end); next !== undefined; next = this.#nextBefore(end)) {
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.wake();
      await settle();
    }
    this.#elapsed = end;
  }

  /** Lets time pass without waking anybody, as while the process is frozen: who sleeps wakes late. */
  freeze(durationMs: number): void {
    this.#elapsed += durationMs;
  }

  #nextBefore(end: number) {
    return this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Resolves once everything that can go on without time passing has gone on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
