import { InfrastructureError } from '@openedx-ts/events-core';
import { problemFinding, reasonOf } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisAccessError } from '../driver/redis-access-error.js';

/** The finding for an error that ends `diagnose` early. */
export function failureFinding(error: unknown): Finding {
  const cure =
    error instanceof RedisAccessError
      ? 'correct user and password in EVENT_BUS_REDIS_CONNECTION_URL, or grant the user more rights'
      : 'check that Redis runs, and that host, port, TLS and firewall allow the connection';
  const finding = problemFinding('broker', reasonOf(error), cure);
  return error instanceof InfrastructureError ? { ...finding, isUnreachable: true } : finding;
}
