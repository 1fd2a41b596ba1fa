import { TransactionEndedError, TransactionRolledBackError } from '../errors/transaction-errors.js';
import type { Route } from '../routes/route.js';
import type { RouteMode } from '../routes/route-mode.js';
import { deferred } from '../runtime/deferred.js';
import { runtime } from '../runtime/runtime.js';
import { pendingReceipt } from '../signals/pending-receipt.js';
import type { SignalEvent } from '../signals/signal.js';
import { TransactionScope } from '../transactions/transaction-scope.js';
import type { EventOutbox } from './event-outbox.js';
import type { OutgoingEvent, Producer, SendReceipt } from './producer.js';

/** Where the events of routes go: `immediate` and `on-commit` need the producer, `outbox` the outbox. */
export interface RouteTargets {
  readonly producer: Producer | undefined;
  readonly outbox: EventOutbox | undefined;
}

/**
 * Creates the receiver that a route connects to its signal. It ignores events that came over a bus, so that nothing
 * travels in circles.
 */
export function routeReceiver(
  route: Route,
  mode: RouteMode,
  { producer, outbox }: RouteTargets,
): (event: SignalEvent) => unknown {
  const receive = mode === 'outbox' ? storing(outbox) : publishing(producer, route, mode);
  return (event) => {
    if (event.fromEventBus) return undefined;
    const { signal, data, metadata } = event;
    const { topic, eventKeyField } = route;
    return receive({ signal, topic, eventKeyField: eventKeyField as never, data, metadata });
  };
}

type ReceiveOutgoing = (event: OutgoingEvent) => unknown;

function storing(outbox: EventOutbox | undefined): ReceiveOutgoing {
  if (outbox === undefined) throw new TypeError('a route with the mode outbox needs an outbox');
  return (event) => outbox.add(event);
}

function publishing(producer: Producer | undefined, route: Route, mode: RouteMode): ReceiveOutgoing {
  if (producer === undefined) throw new TypeError(`a route with the mode ${mode} needs a producer`);
  const { awaitAcceptanceMs } = route;
  return (event) => {
    const scope = mode === 'on-commit' ? TransactionScope.current() : undefined;
    if (scope !== undefined) return pendingReceipt(offerOnCommit(scope, producer, event));
    const receipt = producer.offer(event);
    return awaitAcceptanceMs === undefined
      ? pendingReceipt(receipt)
      : acceptedWithin(receipt, awaitAcceptanceMs);
  };
}

/** @throws TransactionEndedError */
function offerOnCommit(
  scope: TransactionScope,
  producer: Producer,
  event: OutgoingEvent,
): Promise<SendReceipt> {
  const { eventType, id: eventId } = event.metadata;
  if (!scope.isOpen) throw new TransactionEndedError(eventType);
  const receipt = deferred<SendReceipt>();
  scope.defer({
    run: () => {
      try {
        producer.offer(event).then(receipt.resolve, receipt.reject);
      } catch (error) {
        const { logger, telemetry } = runtime();
        const { topic } = event;
        const refused = { system: null, eventType, topic, durationMs: null, error };
        telemetry.record({ type: 'event.publish-failed', ...refused });
        logger.error({ err: error, eventType, eventId, topic }, refusedAfterCommit);
        receipt.reject(error);
      }
    },
    drop: (cause) => receipt.reject(new TransactionRolledBackError(eventType, cause)),
  });
  return receipt.promise;
}

async function acceptedWithin(receipt: Promise<SendReceipt>, waitMs: number): Promise<unknown> {
  const timer = new AbortController();
  try {
    const late = runtime()
      .clock.sleep(waitMs, timer.signal)
      .then(() => pendingReceipt(receipt));
    return await Promise.race([receipt, late]);
  } finally {
    timer.abort();
  }
}

const refusedAfterCommit =
  'the producer refused an event after its transaction had committed; it is lost unless its sender sends it again. The mode outbox keeps such events';
