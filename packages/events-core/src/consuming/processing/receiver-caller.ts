import { ReceiverTimeoutError } from '../../errors/receiver-errors.js';
import { isThenable } from '../../runtime/is-thenable.js';
import {
  policyOver,
  type ReceiverPolicy,
  type ResolvedReceiverPolicy,
} from '../../signals/receiver-policy.js';
import type { DeliveryInfo, SignalEvent } from '../../signals/signal.js';
import type { ConnectedReceiver } from '../../signals/signal-entry.js';
import type { Deadlines } from './deadlines.js';

/** Calls the receivers of one event, each with its own policy, deadline and abort signal. */
export class ReceiverCaller {
  readonly #deadlines: Deadlines;
  readonly #base: ResolvedReceiverPolicy;
  /** By the name of each called receiver that has a policy of its own. */
  #policies: Map<string, ReceiverPolicy> | undefined;

  constructor(deadlines: Deadlines, base: ResolvedReceiverPolicy) {
    this.#deadlines = deadlines;
    this.#base = base;
  }

  /** The policy of a receiver that was called. */
  policyOf(receiver: string): ResolvedReceiverPolicy {
    return policyOver(this.#policies?.get(receiver), this.#base);
  }

  /** Calls a receiver. The promise of an async one rejects with `ReceiverTimeoutError` after `receiverTimeoutMs`. */
  call({ name, receiver, policy }: ConnectedReceiver, event: SignalEvent): unknown {
    if (policy !== undefined) {
      this.#policies ??= new Map();
      this.#policies.set(name, policy);
    }
    const { receiverTimeoutMs } = policy === undefined ? this.#base : this.policyOf(name);
    const delivery = new OwnDelivery(event.delivery as DeliveryInfo);
    const value = receiver({ ...event, delivery });
    if (!isThenable(value) || receiverTimeoutMs === Number.POSITIVE_INFINITY) return value;
    return new Promise((resolve, reject) => {
      const finished = this.#deadlines.watch(receiverTimeoutMs, () => {
        const error = new ReceiverTimeoutError(name, receiverTimeoutMs);
        delivery.abort(error);
        reject(error);
      });
      value.then(
        (result) => {
          finished();
          resolve(result);
        },
        (error: unknown) => {
          finished();
          reject(error);
        },
      );
    });
  }
}

/** The delivery as one receiver gets it. Most receivers never use its signal, so it is created at first use. */
class OwnDelivery implements DeliveryInfo {
  readonly topic: string;
  readonly groupId: string;
  readonly position: string;
  readonly attempt: number;
  readonly #outer: DeliveryInfo;
  #error: Error | undefined;
  #own: AbortController | undefined;
  #signal: AbortSignal | undefined;

  constructor(outer: DeliveryInfo) {
    this.topic = outer.topic;
    this.groupId = outer.groupId;
    this.position = outer.position;
    this.attempt = outer.attempt;
    this.#outer = outer;
  }

  get abortSignal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#own = new AbortController();
      if (this.#error !== undefined) this.#own.abort(this.#error);
      this.#signal = AbortSignal.any([this.#outer.abortSignal, this.#own.signal]);
    }
    return this.#signal;
  }

  abort(error: Error): void {
    this.#error = error;
    this.#own?.abort(error);
  }
}
