import { runtime } from '../../runtime/runtime.js';

/** How long events are started without yielding to the rest of the process, such as heartbeats. */
const SLICE_MS = 20;

/** The real one, also where a test fakes timers later: a lane must not wait for the test to advance them. */
const afterIo = setImmediate;

/** Makes a busy lane yield to the event loop every 20 ms, even when its receivers are sync or wait for nothing. */
export class TimeSlice {
  readonly #onNext: () => void;
  #endsAt = runtime().clock.monotonic() + SLICE_MS;
  #isYielding = false;

  /** @param onNext called in the next tick when a slice is over */
  constructor(onNext: () => void) {
    this.#onNext = onNext;
  }

  /** Whether something may start now. With false, `onNext` is called later. */
  hasTime(): boolean {
    if (this.#isYielding) return false;
    const { clock } = runtime();
    if (clock.monotonic() < this.#endsAt) return true;
    this.#isYielding = true;
    afterIo(() => {
      this.#isYielding = false;
      this.#endsAt = clock.monotonic() + SLICE_MS;
      this.#onNext();
    });
    return false;
  }
}
