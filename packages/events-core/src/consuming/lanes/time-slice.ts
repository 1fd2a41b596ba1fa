import { runtime } from '../../runtime/runtime.js';

/** How long events are started without yielding to the rest of the process, such as heartbeats. */
const SLICE_MS = 20;

/** The real one, also where a test fakes timers later: a lane must not wait for the test to advance them. */
const afterIo = setImmediate;

/** Makes a busy lane yield to the event loop every 20 ms, even when its receivers are sync or wait for nothing. */
export class TimeSlice {
  readonly #onNext: () => void;
  /** Undefined in a tick in which nothing has started yet: an event that comes after a pause starts at once. */
  #endsAt: number | undefined;
  #isYielding = false;

  /** @param onNext called in the next tick when a slice was over */
  constructor(onNext: () => void) {
    this.#onNext = onNext;
  }

  /** Whether something may start now. With false, `onNext` is called later. */
  hasTime(): boolean {
    if (this.#isYielding) return false;
    const now = runtime().clock.monotonic();
    if (this.#endsAt === undefined) {
      this.#endsAt = now + SLICE_MS;
      afterIo(this.#endTick);
    } else if (now >= this.#endsAt) {
      this.#isYielding = true;
      afterIo(this.#continue);
    }
    return !this.#isYielding;
  }

  readonly #endTick = (): void => {
    if (!this.#isYielding) this.#endsAt = undefined;
  };

  readonly #continue = (): void => {
    this.#isYielding = false;
    this.#endsAt = undefined;
    this.#onNext();
  };
}
