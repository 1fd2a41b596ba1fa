import { InvalidMetadataError } from '../errors/data-errors.js';
import { assertEventTopic } from '../routes/assert-event-topic.js';
import type { OutgoingEvent } from './producer.js';

/**
 * Checks what can be checked of an event before its codec is ready.
 *
 * @throws InvalidMetadataError when the metadata is of another event type
 * @throws ProducerConfigurationError when the topic is not one for events
 */
export function assertSendable(
  eventType: string,
  { metadata, topic }: Pick<OutgoingEvent, 'metadata' | 'topic'>,
): void {
  if (metadata.eventType !== eventType) {
    throw new InvalidMetadataError('eventType', `expected ${eventType}, got ${metadata.eventType}`);
  }
  assertEventTopic(eventType, topic);
}
