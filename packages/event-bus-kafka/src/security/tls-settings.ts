import type { KafkaTlsOptions } from './kafka-tls-options.js';
import { pemOf } from './pem-of.js';

/** TLS settings under the names of `node:tls`; files are read. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
}

/** Converts TLS options to settings for `node:tls`; returns undefined for a connection without TLS. */
export function tlsSettings(tls: boolean | KafkaTlsOptions | undefined): TlsSettings | undefined {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return {};
  const { ca, cert, key, passphrase, serverName } = tls;
  return {
    ...(ca ? { ca: pemOf(ca) } : {}),
    ...(cert ? { cert: pemOf(cert) } : {}),
    ...(key ? { key: pemOf(key) } : {}),
    ...(passphrase ? { passphrase } : {}),
    ...(serverName ? { servername: serverName } : {}),
  };
}
