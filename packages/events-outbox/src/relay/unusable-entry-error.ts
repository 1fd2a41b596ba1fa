/** A row of the outbox cannot be published: somebody has changed it, or its schema is gone. It is parked. */
export class UnusableEntryError extends Error {
  readonly code = 'EVENTS_OUTBOX_UNUSABLE_ENTRY';
  readonly topic: string;
  readonly position: bigint;

  constructor(topic: string, position: bigint, reason: string, options?: ErrorOptions) {
    super(`the entry of topic ${topic} at position ${position} cannot be published: ${reason}`, options);
    this.name = 'UnusableEntryError';
    this.topic = topic;
    this.position = position;
  }
}
