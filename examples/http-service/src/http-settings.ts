import { type Environment, InvalidOptionsError } from '@openedx-ts/events-core';

/** The address on which a service accepts requests. */
export interface HttpSettings {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
}

/**
 * Reads `HOST` (default `127.0.0.1`) and `PORT` from the environment.
 *
 * @throws InvalidOptionsError when `PORT` is not a port number
 */
export function httpSettings(env: Environment, defaults: { readonly port: number }): HttpSettings {
  const host = env.HOST || '127.0.0.1';
  const port = env.PORT ? Number(env.PORT) : defaults.port;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return { host, port };
  throw new InvalidOptionsError('PORT', [{ path: '', message: 'must be a whole number from 0 to 65535' }]);
}
