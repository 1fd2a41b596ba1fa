/**
 * A record batch of a partition cannot be read: it is damaged, of an old message format, or larger than `maxBatchBytes`
 * once it is unpacked. Its events count as one that cannot be decoded.
 */
export class UnreadableBatchError extends Error {
  readonly code = 'EVENT_BUS_KAFKA_UNREADABLE_BATCH';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableBatchError';
  }
}
