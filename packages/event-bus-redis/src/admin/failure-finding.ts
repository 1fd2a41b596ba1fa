import { InfrastructureError } from '@openedx-ts/events-core';
import { problemFinding, reasonOf } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisAccessError } from '../redis-connection.js';

/** What keeps everything else from being looked at. */
export function failureFinding(error: unknown): Finding {
  const cure =
    error instanceof RedisAccessError
      ? 'correct user and password in EVENT_BUS_REDIS_CONNECTION_URL, or what the user may do'
      : 'see that Redis runs, and that host, port, TLS and firewall let you through';
  const finding = problemFinding('broker', reasonOf(error), cure);
  return error instanceof InfrastructureError ? { ...finding, isUnreachable: true } : finding;
}
