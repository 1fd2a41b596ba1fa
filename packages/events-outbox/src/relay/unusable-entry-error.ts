import { EventsError } from '@openedx-ts/events-core';

/** A row of the outbox cannot be published: somebody has changed it, or its schema is gone. The relay parks it. */
export class UnusableEntryError extends EventsError {
  readonly code = 'EVENTS_OUTBOX_UNUSABLE_ENTRY';
  readonly topic: string;
  readonly position: bigint;

  constructor(topic: string, position: bigint, reason: string, options?: ErrorOptions) {
    super(`the entry of topic ${topic} at position ${position} cannot be published: ${reason}`, options);
    this.topic = topic;
    this.position = position;
  }
}
