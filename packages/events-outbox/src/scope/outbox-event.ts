import {
  createMetadata,
  type EventsMetadata,
  type OutgoingEvent,
  type PayloadFields,
  route,
} from '@openedx-ts/events-core';
import { checkData } from '@openedx-ts/events-core/bus';

/** An event that is given to `SqlOutbox.append`, which needs no route. */
export type OutboxEvent<F extends PayloadFields = PayloadFields> = Omit<OutgoingEvent<F>, 'metadata'> & {
  /** @defaultValue new metadata, as `sendEvent` creates it */
  readonly metadata?: EventsMetadata;
};

/**
 * Checks an event as `sendEvent` and `route` do.
 *
 * @throws InvalidDataError, LocalOnlyError, ProducerConfigurationError
 */
export function outgoingOf(event: OutboxEvent): OutgoingEvent {
  const { signal, topic, eventKeyField } = event;
  route(signal, { topic, eventKeyField });
  const { eventType, minorVersion } = signal;
  const { metadata = createMetadata({ eventType, minorVersion }) } = event;
  return { signal, topic, eventKeyField, data: checkData(signal, event.data), metadata };
}
