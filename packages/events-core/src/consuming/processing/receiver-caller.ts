import { ReceiverTimeoutError } from '../../errors/receiver-errors.js';
import { maskError } from '../../personal-data/mask-error.js';
import { isThenable } from '../../runtime/is-thenable.js';
import { runtime } from '../../runtime/runtime.js';
import {
  policyOver,
  type ReceiverPolicy,
  type ResolvedReceiverPolicy,
} from '../../signals/receiver-policy.js';
import type { DeliveryInfo, SignalEvent } from '../../signals/signal.js';
import type { ConnectedReceiver } from '../../signals/signal-entry.js';
import type { RunningSteps } from '../progress/running-steps.js';
import type { Delivery } from '../types/delivery.js';
import type { Deadlines } from './deadlines.js';
import { ReceiverDelivery } from './receiver-delivery.js';

export interface ReceiverCallerOptions {
  readonly deadlines: Deadlines;
  readonly running: RunningSteps;
  readonly delivery: Delivery;
  /** What a receiver without a policy of its own gets. */
  readonly base: ResolvedReceiverPolicy;
}

/** Calls the receivers of one event, each with its own policy, deadline and abort signal. */
export class ReceiverCaller {
  readonly #parts: ReceiverCallerOptions;
  /** By the name of each called receiver that has a policy of its own. */
  #policies: Map<string, ReceiverPolicy> | undefined;

  constructor(parts: ReceiverCallerOptions) {
    this.#parts = parts;
  }

  /** The policy of a receiver that was called. */
  policyOf(receiver: string): ResolvedReceiverPolicy {
    return policyOver(this.#policies?.get(receiver), this.#parts.base);
  }

  /** Calls a receiver. The promise of an async one rejects with `ReceiverTimeoutError` after `receiverTimeoutMs`. */
  call(connected: ConnectedReceiver, event: SignalEvent): unknown {
    const { name, policy } = connected;
    if (policy !== undefined) {
      this.#policies ??= new Map();
      this.#policies.set(name, policy);
    }
    const { receiverTimeoutMs } = policy === undefined ? this.#parts.base : this.policyOf(name);
    const delivery = new ReceiverDelivery(event.delivery as DeliveryInfo);
    const { signal, data, metadata, fromEventBus } = event;
    // What a receiver throws reaches logs, health and dead letters.
    const masked = (error: unknown): never => {
      throw maskError(error, signal.shape, data);
    };
    try {
      const value = run(connected, { signal, data, metadata, fromEventBus, delivery }, masked);
      if (isThenable(value))
        return this.#untilSettled(Promise.resolve(value), delivery, name, receiverTimeoutMs).catch(masked);
      delivery.end();
      return value;
    } catch (error) {
      delivery.end();
      return masked(error);
    }
  }

  #untilSettled(
    running: Promise<unknown>,
    delivery: ReceiverDelivery,
    receiver: string,
    timeoutMs: number,
  ): Promise<unknown> {
    const { deadlines, running: all, delivery: received } = this.#parts;
    all.started(received, { stage: 'receiver', receiver, limitMs: timeoutMs });
    return new Promise((resolve, reject) => {
      const onLate = () => {
        const error = new ReceiverTimeoutError(receiver, timeoutMs);
        delivery.abort(error);
        all.ended(received);
        reject(error);
      };
      const finished =
        timeoutMs === Number.POSITIVE_INFINITY ? undefined : deadlines.watch(timeoutMs, onLate);
      const end = () => {
        if (finished === undefined || finished()) all.ended(received); // after that another may run
        delivery.end();
      };
      running.then(
        (result) => {
          end();
          resolve(result);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }
}

/** Calls a receiver, through telemetry that watches receivers. */
function run(
  { name, receiver }: ConnectedReceiver,
  event: SignalEvent,
  masked: (error: unknown) => never,
): unknown {
  const { telemetry } = runtime();
  if (telemetry.runReceiver === undefined) return receiver(event);
  const { eventType } = event.metadata;
  return telemetry.runReceiver({ receiver: name, eventType }, () => {
    try {
      const value = receiver(event);
      return isThenable(value) ? Promise.resolve(value).catch(masked) : value;
    } catch (error) {
      return masked(error);
    }
  });
}
