import { isLoopback } from '@openedx-ts/events-core/bus';
import type { KafkaTlsOptions } from './kafka-tls-options.js';
import { tlsSettings } from './tls-settings.js';

/** `fetch`, as far as this package uses it. */
export type SecureFetch = (url: string, init: object) => Promise<Response>;

/** What a request carries, and how it may travel. */
export interface SecureFetchOptions {
  readonly url: string;
  readonly tls: KafkaTlsOptions | undefined;
  readonly sendsCredentials: boolean;
  readonly allowInsecure: boolean;
}

/**
 * Creates a `fetch` with certificates, for which Node's has no option; undici, which implements that, has. Credentials in
 * clear text for a server on this machine are sent there directly: Node's `fetch` would send them to a proxy that the
 * environment names.
 */
export async function secureFetch(options: SecureFetchOptions): Promise<SecureFetch> {
  const { url, tls, sendsCredentials, allowInsecure } = options;
  const isExposed = sendsCredentials && !allowInsecure && url.startsWith('http:');
  if (tls === undefined && !isExposed) return (address, init) => fetch(address, init);
  const { default: undici } = await import('undici'); // bundlers keep no named exports of CommonJS
  const { Agent, buildConnector, fetch: fetchThrough } = undici;
  const connect = buildConnector({ ...tlsSettings(tls) });
  const checked: typeof connect = (options, callback) =>
    connect(options, (...outcome) => {
      const [, socket] = outcome;
      if (!isExposed || !socket || isLoopback(socket.remoteAddress ?? '')) return callback(...outcome);
      socket.destroy();
      const cure = 'use https, or set allowInsecure (EVENT_BUS_KAFKA_ALLOW_INSECURE)';
      callback(
        new Error(`it is on another machine, and credentials would be sent in clear text: ${cure}`),
        null,
      );
    });
  const dispatcher = new Agent({ connect: checked });
  return (address, init) => fetchThrough(address, { ...init, dispatcher }) as unknown as Promise<Response>;
}
