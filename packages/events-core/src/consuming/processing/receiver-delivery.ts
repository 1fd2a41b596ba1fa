import { abortWith } from '../../runtime/abort-with.js';
import type { DeliveryInfo } from '../../signals/signal.js';

/** The delivery that one call of a receiver gets. Most receivers never use its abort signal, so it is created at first use. */
export class ReceiverDelivery implements DeliveryInfo {
  readonly topic: string;
  readonly groupId: string;
  readonly position: string;
  readonly attempt: number;
  readonly #outer: DeliveryInfo;
  #isOver = false;
  #own: AbortController | undefined;
  #forgetOuter: (() => void) | undefined;
  #error: Error | undefined;

  constructor(outer: DeliveryInfo) {
    this.topic = outer.topic;
    this.groupId = outer.groupId;
    this.position = outer.position;
    this.attempt = outer.attempt;
    this.#outer = outer;
  }

  get abortSignal(): AbortSignal {
    this.#own ??= this.#createOwn();
    return this.#own.signal;
  }

  /** Fires the signal, also for a receiver that asks for it only later. */
  abort(error: Error): void {
    this.#error = error;
    this.end();
    this.#own?.abort(error);
  }

  /** Notes that the receiver has ended: its signal fires no more, and nothing that outlives the event refers to it. */
  end(): void {
    this.#isOver = true;
    this.#forgetOuter?.();
    this.#forgetOuter = undefined;
  }

  #createOwn(): AbortController {
    const own = new AbortController();
    if (this.#error !== undefined) own.abort(this.#error);
    else if (!this.#isOver) this.#forgetOuter = abortWith(this.#outer.abortSignal, own);
    else if (this.#outer.abortSignal.aborted) own.abort(this.#outer.abortSignal.reason);
    return own;
  }
}
