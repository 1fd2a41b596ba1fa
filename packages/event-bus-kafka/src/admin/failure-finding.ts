import { type Finding, type InvalidOptionsError, reasonOf } from '@openedx-ts/events-core';
import { KafkaAccessError } from '../kafka-error.js';
import { problem } from './finding.js';

/** What keeps everything else from being looked at. */
export function failureFinding(error: unknown): Finding {
  if (error instanceof KafkaAccessError)
    return problem(
      'broker',
      reasonOf(error),
      'correct EVENT_BUS_KAFKA_API_KEY, …_API_SECRET, …_SASL_MECHANISM or …_TLS_CA, or what the user may do',
    );
  const cure = 'see that Kafka runs, and that host, port, TLS and firewall let you through';
  return { ...problem('broker', reasonOf(error), cure), isUnreachable: true };
}

/** Settings that are each well-formed, and refused together. */
export function optionFinding({ issues }: InvalidOptionsError): Finding {
  const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  return problem('settings', message, 'correct the EVENT_BUS_KAFKA_… variables');
}
