import { warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { BrokerFacts } from './cluster-reader.js';
import type { KafkaView } from './kafka-view.js';

/** Whether this user may produce idempotently, which matters to services that send; nothing where they may. */
export async function producerFinding(
  { cluster }: Pick<KafkaView, 'cluster'>,
  nodes: readonly BrokerFacts[],
): Promise<readonly Finding[]> {
  const [node] = nodes;
  if (node === undefined || (await cluster.mayProduceIdempotently(node.nodeId))) return [];
  return [
    warningFinding(
      'producer',
      'this user may not produce idempotently: an event whose answer is lost may be stored twice',
      'where the service sends events, allow the user to write to its topics, and before Kafka 2.8 IdempotentWrite on the cluster; where it only receives, nothing is missing',
    ),
  ];
}
