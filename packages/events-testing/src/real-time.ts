import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';

// As they were when this module was loaded: a test may replace the timers of its process by fake ones, and still waits here.
const start = setTimeout;
const stop = clearTimeout;
const now = performance.now.bind(performance);

/** The time of the machine, for waits of tests: fake timers do not hold it. */
export const realTime = {
  /** Milliseconds of a clock that never jumps. */
  monotonic: (): number => now(),
  /**
   * Calls back after so many milliseconds.
   *
   * @returns a function that cancels it
   */
  after(durationMs: number, callback: () => void): () => void {
    const timer = start(callback, durationMs);
    return () => stop(timer);
  },
};
