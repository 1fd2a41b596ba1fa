import { setMaxListeners } from 'node:events';
import { abortWith } from '../../runtime/abort-with.js';

/** How a lane ends: it is drained, or aborted because it was lost or its drain took too long. */
export class LaneEnd {
  readonly #abort = new AbortController();
  readonly #waits = new AbortController();
  readonly #forgetStop: () => void;
  /** The signals of the lane's deliveries, with the functions that stop following them. */
  readonly #followed = new Map<AbortSignal, () => void>();
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

  /** Calls back when the signal of the lane's deliveries fires, or has fired, until `forget`. Lanes may share a signal. */
  listenTo(laneSignal: AbortSignal | undefined, onLost: () => void): void {
    if (laneSignal === undefined || this.#followed.has(laneSignal)) return;
    const lost = new AbortController();
    lost.signal.addEventListener('abort', onLost, { once: true });
    this.#followed.set(laneSignal, abortWith(laneSignal, lost));
  }

  drain(): void {
    this.#isDraining = true;
    this.#endWaits();
  }

  abort(): void {
    this.#abort.abort();
    this.#endWaits();
    this.forget();
  }

  /** Leaves nothing behind at the signals of the deliveries: none of them is in flight any more. */
  forget(): void {
    for (const forget of this.#followed.values()) forget();
    this.#followed.clear();
  }

  #endWaits(): void {
    this.#forgetStop();
    this.#waits.abort();
  }
}
