import { hasErrorCode } from '../errors/has-error-code.js';
import { ReceiverFailedError } from '../errors/receiver-errors.js';
import { maskError } from '../personal-data/mask-error.js';
import { isThenable } from '../runtime/is-thenable.js';
import { runtime } from '../runtime/runtime.js';
import { isPendingReceipt } from './pending-receipt.js';
import type { ReceiverResult, SignalEvent } from './signal.js';
import type { ConnectedReceiver } from './signal-entry.js';

/**
 * Runs receivers one after another. Throws `ReceiverFailedError` at the first that fails when `loud`, and at one that must
 * succeed when the event was sent in this process. A receiver that returns no promise costs none: as long as all are sync, the
 * results come back at once.
 */
export function dispatch(
  receivers: readonly ConnectedReceiver[],
  event: SignalEvent,
  loud: boolean,
  run: RunReceiver = callReceiver,
): readonly ReceiverResult[] | Promise<readonly ReceiverResult[]> {
  const results: ReceiverResult[] = [];
  for (let index = 0; index < receivers.length; index += 1) {
    const connected = receivers[index] as ConnectedReceiver;
    try {
      const value = run(connected, event);
      if (isThenable(value))
        return continueAsync(receivers, event, { loud, run, results, from: index, running: value });
      results.push(resultOf(connected, value));
    } catch (error) {
      results.push(failed(connected, event, loud, error));
    }
  }
  return results;
}

async function continueAsync(
  receivers: readonly ConnectedReceiver[],
  event: SignalEvent,
  so: {
    readonly loud: boolean;
    readonly run: RunReceiver;
    readonly results: ReceiverResult[];
    readonly from: number;
    readonly running: PromiseLike<unknown>;
  },
): Promise<readonly ReceiverResult[]> {
  const { loud, run, results, from, running } = so;
  for (let index = from; index < receivers.length; index += 1) {
    const connected = receivers[index] as ConnectedReceiver;
    try {
      results.push(resultOf(connected, await (index === from ? running : run(connected, event))));
    } catch (error) {
      results.push(failed(connected, event, loud, error));
    }
  }
  return results;
}

/** Runs one receiver with an event; what it returns or throws is the receiver's result. */
export type RunReceiver = (connected: ConnectedReceiver, event: SignalEvent) => unknown;

const callReceiver: RunReceiver = ({ receiver }, event) => receiver(event);

function resultOf({ name }: ConnectedReceiver, value: unknown): ReceiverResult {
  return isPendingReceipt(value)
    ? { receiver: name, status: 'pending', receipt: value.receipt }
    : { receiver: name, status: 'fulfilled', value };
}

function failed(
  { name, mustSucceed }: ConnectedReceiver,
  event: SignalEvent,
  loud: boolean,
  error: unknown,
): ReceiverResult {
  const { eventType, id } = event.metadata;
  const isDropped = hasErrorCode(error, 'EVENTS_DROP_EVENT');
  const failsSender = mustSucceed && event.delivery === null && !isDropped; // a consumer has a policy for failures
  const shown = maskError(error, event.signal.shape, event.data);
  if (loud || failsSender) throw new ReceiverFailedError(eventType, name, shown);
  if (!isDropped) {
    const { telemetry, logger } = runtime();
    telemetry.record({ type: 'receiver.failed', eventType, eventId: id, receiver: name, error: shown });
    const facts = { err: shown, eventType, eventId: id, receiver: name };
    if (!event.fromEventBus) logger.error(facts, failedInProcess);
    // The consumer reports what its lanes wait for, once and not for each try.
    else if (!hasErrorCode(error, 'EVENTS_INFRASTRUCTURE')) logger.error(facts, failedOnBus);
  }
  return { receiver: name, status: 'rejected', reason: error };
}

const failedInProcess =
  "a receiver failed; the event's other receivers run. sendEvent returns its error among the results, or rejects with it when dispatch is 'loud'";
const failedOnBus =
  'a receiver failed; its policy decides whether it is retried and what becomes of the event';
