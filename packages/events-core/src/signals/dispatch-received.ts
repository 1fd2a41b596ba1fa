import { UnknownSignalError } from '../errors/signal-errors.js';
import type { EventsMetadata } from '../metadata/events-metadata.js';
import type { FieldsOutput } from '../shapes/shape.js';
import { dispatch, type RunReceiver } from './dispatch.js';
import { entryOf } from './registry.js';
import type {
  DeliveryInfo,
  OpenEdxPublicSignal,
  PayloadFields,
  ReceiverResult,
  SignalEvent,
} from './signal.js';

/** An event that a bus has delivered. */
export interface DeliveredEvent<F extends PayloadFields = PayloadFields> {
  readonly data: FieldsOutput<F>;
  readonly metadata: EventsMetadata;
  readonly delivery: DeliveryInfo;
  /** Run only these receivers, e.g. those that failed before. @defaultValue all */
  readonly receivers?: ReadonlySet<string> | undefined;
  /** Runs each receiver, for consumers that set deadlines. @defaultValue calls it with the event */
  readonly runReceiver?: RunReceiver | undefined;
}

/**
 * Runs the receivers of a signal for an event that a bus has delivered. The results are returned without a promise
 * while no receiver returns one. The data must come from a codec: it is not checked again. A failing receiver is one
 * of the results; nothing is thrown for it. A disabled signal runs no receiver. `EventBusConsumer` calls this; a bus
 * that extends it does not.
 *
 * @throws UnknownSignalError when the signal was not made by `defineSignal`
 */
export function dispatchReceived<F extends PayloadFields>(
  signal: OpenEdxPublicSignal<F>,
  { data, metadata, delivery, receivers: wanted, runReceiver }: DeliveredEvent<F>,
): readonly ReceiverResult[] | Promise<readonly ReceiverResult[]> {
  const entry = entryOf(signal as unknown as OpenEdxPublicSignal);
  if (entry === undefined) throw new UnknownSignalError(signal.eventType, undefined);
  const { enabled, receivers: all } = entry.state;
  if (!enabled) return [];
  const receivers = wanted === undefined ? all : all.filter(({ name }) => wanted.has(name));
  const event = { signal, data, metadata, fromEventBus: true, delivery };
  return dispatch(receivers, event as unknown as SignalEvent, false, runReceiver);
}
