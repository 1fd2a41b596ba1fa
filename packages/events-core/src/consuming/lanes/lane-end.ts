import { setMaxListeners } from 'node:events';
import { abortWith } from '../../runtime/abort-with.js';

/** How a lane ends: it is drained, or aborted because it was lost or its drain took too long. */
export class LaneEnd {
  readonly #abort = new AbortController();
  readonly #waits = new AbortController();
  readonly #forgetStop: () => void;
  #isDraining = false;
  #laneSignal: AbortSignal | undefined;

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

  /** Calls back when the signal of the lane's deliveries fires, or has fired. */
  listenTo(laneSignal: AbortSignal | undefined, onLost: () => void): void {
    if (laneSignal === undefined || laneSignal === this.#laneSignal) return;
    this.#laneSignal = laneSignal;
    if (laneSignal.aborted) onLost();
    laneSignal.addEventListener('abort', onLost, { once: true, signal: this.abortSignal });
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
