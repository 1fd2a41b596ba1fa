import { runtime } from '@openedx-ts/events-core/bus';
import type { Kafka } from 'kafkajs';
import { eachConnection } from './each-connection.js';
import { methodsOf } from './methods-of.js';

/**
 * Makes a client of kafkajs log in again in time, however short the broker's sessions are. By itself it does so 10 s ahead
 * of the end: a session that is shorter, as that of a token in its last seconds is, then never counts as logged in, so
 * that it logs in again for each request, which a broker refuses within the same second.
 *
 * @throws TypeError when the installed kafkajs lacks a part that is used here
 */
export function renewSessionsInTime(kafka: Kafka): void {
  eachConnection<SessionConnection>(kafka, (connection) => {
    if (connection.sasl) paceSession(connection);
  });
}

/** Sets on one connection when its session is renewed. */
export function paceSession(connection: SessionConnection): void {
  const { send, authenticate } = methodsOf(connection, [
    'send',
    'authenticate',
    'isAuthenticated',
    'disconnect',
  ]);
  Object.defineProperty(connection, 'reauthenticationThreshold', {
    get: () => renewedAheadMs(lifetimeMs(connection)),
  });
  connection.authenticate = async () => {
    const waitMs = untilRenewableMs(connection);
    if (waitMs > 0) await runtime().clock.sleep(waitMs);
    try {
      return await authenticate.call(connection);
    } catch (error) {
      await connection.disconnect(); // the broker takes no second handshake after one that was not completed
      throw error;
    }
  };
  connection.send = (exchange) => {
    if (loginRequests.has(exchange.request.apiKey) || connection.isAuthenticated())
      return send.call(connection, exchange);
    return connection.authenticate().then(() => send.call(connection, exchange));
  };
}

/** The parts of kafkajs' connection that decide when it logs in again. */
export interface SessionConnection {
  /** When it logged in, by `process.hrtime`; null while it is not connected. */
  readonly authenticatedAt: [number, number] | null;
  /** In milliseconds; 0 for no end. */
  readonly sessionLifetime: { readonly value: bigint };
  /** Undefined where there is no login. */
  readonly sasl?: unknown;
  isAuthenticated: () => boolean;
  disconnect: () => Promise<unknown>;
  send: (exchange: { readonly request: { readonly apiKey: number } }) => Promise<unknown>;
  authenticate: () => Promise<unknown>;
}

/** How long before its end a session is renewed: a quarter of it, and at most what kafkajs has for long ones. */
function renewedAheadMs(lifetime: number): number {
  return Math.ceil(Math.min(MAX_AHEAD_MS, lifetime / 4));
}

/** How long to wait before a session that is over, or nearly, may be renewed on its connection; 0 for not at all. */
function untilRenewableMs(connection: SessionConnection): number {
  const lifetime = lifetimeMs(connection);
  if (lifetime === 0 || connection.authenticatedAt === null) return 0;
  const [seconds, nanoseconds] = process.hrtime(connection.authenticatedAt);
  const sinceMs = seconds * 1_000 + nanoseconds / 1_000_000;
  if (sinceMs + renewedAheadMs(lifetime) < lifetime) return 0;
  return Math.max(0, Math.ceil(MIN_BETWEEN_LOGINS_MS - sinceMs));
}

function lifetimeMs({ sessionLifetime }: SessionConnection): number {
  return Number(sessionLifetime.value);
}

const MAX_AHEAD_MS = 10_000;
/** A broker refuses a login within a second after the one before (KIP-368). */
const MIN_BETWEEN_LOGINS_MS = 1_050;
/** SaslHandshake, ApiVersions and SaslAuthenticate are sent without a session. */
const loginRequests: ReadonlySet<number> = new Set([17, 18, 36]);
