/** Where these packages read time. Give your own to `configureEvents` to freeze or move it in tests. */
export interface Clock {
  /** Milliseconds since 1970, for times that travel. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for durations. */
  monotonic(): number;
  /** Resolves after that many milliseconds (`Infinity`: never), or at once when the signal fires. */
  sleep(durationMs: number, abortSignal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (durationMs, abortSignal) =>
    new Promise((resolve) => {
      if (abortSignal?.aborted) return resolve();
      let left = durationMs;
      let timer: NodeJS.Timeout;
      const done = () => {
        clearTimeout(timer);
        abortSignal?.removeEventListener('abort', done);
        resolve();
      };
      const wait = () => {
        const part = Math.min(left, longestTimerMs);
        left -= part;
        timer = setTimeout(left > 0 ? wait : done, part);
      };
      wait();
      abortSignal?.addEventListener('abort', done, { once: true });
    }),
};

/** A longer timer of Node fires at once, so that `Infinity` would mean no wait at all. */
const longestTimerMs = 2 ** 31 - 1;
