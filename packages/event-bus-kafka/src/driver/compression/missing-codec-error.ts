/** Nothing in this process can compress or decompress zstd. */
export class MissingCodecError extends Error {
  readonly code = 'EVENT_BUS_KAFKA_MISSING_CODEC';
  /** The codec that is missing. */
  readonly compression = 'zstd';

  /** @param reason why zstd cannot be used, after "the codec zstd", and what to do */
  constructor(reason: string, options?: ErrorOptions) {
    super(`the codec zstd ${reason}`, options);
    this.name = 'MissingCodecError';
  }
}
