import { problemFinding, reasonOf } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { KafkaAccessError } from '../driver/kafka-error.js';

/** What keeps everything else from being looked at. */
export function failureFinding(error: unknown): Finding {
  if (error instanceof KafkaAccessError)
    return problemFinding(
      'broker',
      reasonOf(error),
      'correct EVENT_BUS_KAFKA_API_KEY, …_API_SECRET, …_SASL_MECHANISM or …_TLS_CA, or what the user may do',
    );
  const cure = 'see that Kafka runs, and that host, port, TLS and firewall let you through';
  return { ...problemFinding('broker', reasonOf(error), cure), isUnreachable: true };
}
