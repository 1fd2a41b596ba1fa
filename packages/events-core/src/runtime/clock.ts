/** Where these packages read time. Give your own to `configureEvents` to freeze or move it in tests. */
export interface Clock {
  /** Milliseconds since 1970, for times that travel. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for durations. */
  monotonic(): number;
  /** Resolves after that many milliseconds, or at once when the signal fires. */
  sleep(durationMs: number, abortSignal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (durationMs, abortSignal) =>
    new Promise((resolve) => {
      if (abortSignal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        abortSignal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, durationMs);
      abortSignal?.addEventListener('abort', done, { once: true });
    }),
};
