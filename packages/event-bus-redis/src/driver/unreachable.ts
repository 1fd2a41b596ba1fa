import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { RedisAccessError } from './redis-access-error.js';
import type { RedisServer } from './redis-server.js';

/** The error for a failed connection: a certificate that is not trusted stays so; a server that is unreachable may come back. */
export function unreachable(cause: unknown, { kind, host, port, path }: RedisServer): Error {
  const place = `${kind} at ${path ?? `${host}:${port}`}`;
  const isSentinel = kind === 'Sentinel';
  const code = Object(cause).code as unknown;
  const reason = typeof cause === 'string' ? cause : reasonOf(cause);
  const what = typeof code === 'string' ? code : /RESP/.test(reason) ? 'the server is no Redis' : reason;
  if (OWN_KEY.test(what)) {
    const cure =
      'check cert and key of clientOptions.tls (EVENT_BUS_REDIS_TLS_CERT, EVENT_BUS_REDIS_TLS_KEY, EVENT_BUS_REDIS_TLS_KEY_PASSWORD)';
    return new RedisAccessError(`our certificate or its key for ${place} cannot be used (${what}): ${cure}`);
  }
  if (ALERT.test(`${what} ${reason}`)) {
    const options = isSentinel ? 'clientOptions.sentinelTLS' : 'clientOptions.tls';
    const cure = `it may ask for a certificate of ours, which ${options}.cert and key set (EVENT_BUS_REDIS_TLS_CERT, EVENT_BUS_REDIS_TLS_KEY), or for another version of TLS`;
    return new RedisAccessError(`${place} refuses our TLS connection (${what}): ${cure}`);
  }
  if (certificateCodes.test(what)) {
    const option = isSentinel ? 'clientOptions.sentinelTLS.ca' : 'clientOptions.tls.ca';
    const cure = `set its CA as ${option}, in EVENT_BUS_REDIS_TLS_CA or in NODE_EXTRA_CA_CERTS, and use the host name of the certificate`;
    return new RedisAccessError(`the certificate of ${place} is not trusted (${what}): ${cure}`);
  }
  if (protocolCodes.test(what)) {
    const cure = isSentinel
      ? 'configure its tls-port, or set clientOptions.sentinelTLS to false'
      : 'use a URL with redis://';
    return new RedisAccessError(`${place} does not speak TLS (${what}): ${cure}`);
  }
  const cure = isSentinel
    ? 'check that it runs, that clientOptions.sentinels is right, and whether it expects TLS (clientOptions.sentinelTLS)'
    : 'check that it runs, that the URL is right, and whether it expects TLS (rediss://)';
  // Errors of the parser hold what the server sent.
  const options = typeof code === 'string' ? { cause } : {};
  return new InfrastructureError(`${place} is unreachable (${what}): ${cure}`, options);
}

/** Nothing was sent: a key that is encrypted, or of another certificate, or text that is no key. */
const OWN_KEY = /^ERR_OSSL_/;
/** How a server that speaks TLS says what it does not accept. */
const ALERT = /_ALERT_|SSL alert number/;
const certificateCodes = /CERT|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|CRL_|INVALID_CA|INVALID_PURPOSE/;
const protocolCodes = /^(?:EPROTO|ERR_SSL_)/;
