import { type Finding, type InvalidOptionsError, reasonOf } from '@openedx-ts/events-core';
import { RedisAccessError } from '../redis-connection.js';
import { problem } from './finding.js';

/** What keeps everything else from being looked at. */
export function failureFinding(error: unknown): Finding {
  const cure =
    error instanceof RedisAccessError
      ? 'correct user and password in EVENT_BUS_REDIS_CONNECTION_URL, or what the user may do'
      : 'see that Redis runs, and that host, port, TLS and firewall let you through';
  return problem('broker', reasonOf(error), cure);
}

/** Settings that are each well-formed, and refused together. */
export function optionFinding({ issues }: InvalidOptionsError): Finding {
  const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  return problem('settings', message, 'correct the EVENT_BUS_REDIS_… variables');
}
