import { runtime } from '@openedx-ts/events-core/bus';

/** Something that is done now and then by a loop that runs anyway. */
export class Periodic {
  readonly #everyMs: number;
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Whether it is due; then it is due again after the interval. True for the first call. */
  isDue(): boolean {
    const now = runtime().clock.monotonic();
    if (now < this.#dueAt) return false;
    this.#dueAt = now + this.#everyMs;
    return true;
  }
}
