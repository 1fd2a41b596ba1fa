/**
 * Redis refuses this client: wrong user or password, a missing permission, or a certificate that is not trusted. Trying
 * again does not help; somebody must change the settings.
 */
export class RedisAccessError extends Error {
  readonly code = 'EVENT_BUS_REDIS_ACCESS';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisAccessError';
  }
}
