/**
 * Redis does not let this client in, or not as far as it needs to go: wrong password, a right that is missing, a
 * certificate that cannot be trusted. Waiting does not help.
 */
export class RedisAccessError extends Error {
  readonly code = 'EVENT_BUS_REDIS_ACCESS';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisAccessError';
  }
}
