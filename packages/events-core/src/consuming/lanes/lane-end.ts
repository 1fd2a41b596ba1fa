import { setMaxListeners } from 'node:events';
import { abortWith } from '../../runtime/abort-with.js';

/** How a lane ends: it is drained, or aborted because it was lost or its drain took too long. */
export class LaneEnd {
  readonly #abort = new AbortController();
  readonly #waits = new AbortController();
  readonly #forgetStop: () => void;
  #isDraining = false;

  constructor(stopSignal: AbortSignal) {
    this.#forgetStop = abortWith(stopSignal, this.#waits);
    setMaxListeners(0, this.waitSignal); // every event that backs off listens to it
  }

  /** Fires when results are no longer wanted. */
  get abortSignal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Fires when it makes no sense to wait any longer: the lane drains, is aborted, or the consumer stops. */
  get waitSignal(): AbortSignal {
    return this.#waits.signal;
  }

  get isAborted(): boolean {
    return this.#abort.signal.aborted;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  drain(): void {
    this.#isDraining = true;
    this.#endWaits();
  }

  abort(): void {
    this.#abort.abort();
    this.#endWaits();
  }

  #endWaits(): void {
    this.#forgetStop();
    this.#waits.abort();
  }
}
