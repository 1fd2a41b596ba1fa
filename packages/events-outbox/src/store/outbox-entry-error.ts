import { EventsError } from '@openedx-ts/events-core';

/** An entry cannot be stored in this database. Its transaction is still open, and nothing was appended to it. */
export class OutboxEntryError extends EventsError {
  readonly code = 'EVENTS_OUTBOX_ENTRY';
  readonly retryable = false;
  readonly topic: string;
  readonly eventType: string;
  readonly eventId: string;

  constructor(
    {
      topic,
      eventType,
      eventId,
    }: { readonly topic: string; readonly eventType: string; readonly eventId: string },
    reason: string,
  ) {
    super(`event ${eventId} (${eventType}) for topic ${topic} cannot be stored in the outbox: ${reason}`);
    this.topic = topic;
    this.eventType = eventType;
    this.eventId = eventId;
  }
}
