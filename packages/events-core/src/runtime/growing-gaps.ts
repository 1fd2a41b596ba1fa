import type { Clock } from './clock.js';

/** An occurrence of something that repeats. */
export interface Repetition {
  /** Whether it should be logged now. */
  readonly isDue: boolean;
  /** How often it has occurred, this time included. */
  readonly total: number;
  /** When it occurred first, in ISO 8601. */
  readonly since: string;
}

/** Counts something that repeats and decides when to log it: at once, then after 1, 2, 4 ... and at most 60 minutes. */
export class GrowingGaps {
  #total = 0;
  #since = '';
  #gapMs = FIRST_GAP_MS;
  #dueAt = 0;

  /** How often it has occurred since the last reset. */
  get total(): number {
    return this.#total;
  }

  /** When it occurred first since the last reset, in ISO 8601; empty when it has not. */
  get since(): string {
    return this.#since;
  }

  /** Counts an occurrence. */
  count(clock: Clock): Repetition {
    const nowMs = clock.monotonic();
    if (this.#total === 0) this.#since = new Date(clock.now()).toISOString();
    this.#total += 1;
    const isDue = this.#total === 1 || nowMs >= this.#dueAt;
    if (isDue) {
      if (this.#total > 1) this.#gapMs = Math.min(2 * this.#gapMs, LONGEST_GAP_MS);
      this.#dueAt = nowMs + this.#gapMs;
    }
    return { isDue, total: this.#total, since: this.#since };
  }

  /** Whether it has not occurred for so long that the next occurrence is a new one. */
  isQuiet(quietMs: number): boolean {
    return quietMs >= this.#gapMs;
  }

  /** Forgets what was counted: the next occurrence is the first. */
  reset(): void {
    this.#total = 0;
    this.#gapMs = FIRST_GAP_MS;
  }
}

const FIRST_GAP_MS = 60_000;
const LONGEST_GAP_MS = 3_600_000;
