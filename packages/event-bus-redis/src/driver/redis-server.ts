import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { RedisAddress } from './redis-address.js';
import type { RedisDriverOptions } from './redis-driver-options.js';

/** A server to connect to: Redis, or one of its Sentinels. */
export interface RedisServer {
  readonly kind: 'Redis' | 'Sentinel';
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, which replaces host and port. */
  readonly path?: string | undefined;
  /** Undefined for a connection in clear text. */
  readonly tls: ConnectionOptions | undefined;
  /** Whether something is sent, or relied on, that must not cross a network in clear text. */
  readonly needsProtection: boolean;
  readonly family?: number | undefined;
}

/** The Sentinels of a set-up, in order; none where the URL names the server itself. */
export function sentinelsOf(address: RedisAddress, options: RedisDriverOptions = {}): readonly RedisServer[] {
  const { sentinels = [], sentinelTLS, sentinelPassword, family } = options;
  const primaryTls = primaryTlsOf(address, options);
  const { servername: _ofPrimary, ...shared } = primaryTls ?? {};
  const tls =
    sentinelTLS === false ? undefined : (sentinelTLS ?? (primaryTls === undefined ? undefined : shared));
  const needsProtection = primaryTls !== undefined || address.password !== '' || Boolean(sentinelPassword);
  return sentinels.map(({ host = '', port = 26_379, family: own = family }) => ({
    kind: 'Sentinel',
    host,
    port,
    tls: tls === undefined ? undefined : tlsTo(host, port, tls),
    needsProtection,
    family: own,
  }));
}

/** The server that holds the streams: at the address of the URL, or at the one that the Sentinels name. */
export function primaryAt(
  address: RedisAddress,
  { host, port }: { readonly host: string; readonly port: number } = address,
  options: RedisDriverOptions = {},
): RedisServer {
  const { path, password } = address;
  const tls = primaryTlsOf(address, options);
  return {
    kind: 'Redis',
    host,
    port,
    path,
    tls: tls === undefined ? undefined : path === undefined ? tlsTo(host, port, tls) : tls,
    needsProtection: password !== '',
    family: options.family,
  };
}

function primaryTlsOf({ isTls }: RedisAddress, { tls }: RedisDriverOptions): ConnectionOptions | undefined {
  return tls ?? (isTls ? {} : undefined);
}

/** Node sends no server name (SNI) by itself, and an IP address must not be sent as one. */
function tlsTo(host: string, port: number, tls: ConnectionOptions): ConnectionOptions {
  const name = isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {};
  return { ...name, ...tls, host, port };
}
