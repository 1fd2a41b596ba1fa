import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { KafkaAccessError } from '../driver/kafka-error.js';
import type { BrokerFacts, ClusterReader } from './cluster-reader.js';
import type { KafkaView } from './kafka-view.js';

/** Whether every broker can be reached under the address that the cluster advertises, and is new enough. */
export async function brokerFindings(
  { cluster, security }: KafkaView,
  nodes: readonly BrokerFacts[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const node of nodes) findings.push(await nodeFinding(cluster, node));
  return [...findings, securityFinding(security)];
}

async function nodeFinding(cluster: ClusterReader, { nodeId, address }: BrokerFacts): Promise<Finding> {
  try {
    const version = await cluster.fetchVersion(nodeId);
    const release = releases.find(([least]) => version >= least)?.[1];
    if (release !== undefined)
      return okFinding('broker', `${address} (node ${nodeId}) answers: Kafka ${release} or newer`);
    return problemFinding(
      'broker',
      `${address} (node ${nodeId}) is older than Kafka 2.3`,
      'use Kafka 2.3 or newer',
    );
  } catch (error) {
    if (error instanceof KafkaAccessError) throw error;
    const reason = error instanceof Error ? error.message : '';
    return problemFinding(
      'broker',
      `the cluster sends clients to ${address} (node ${nodeId}), which cannot be reached: ${reason}`,
      "see that the broker runs; if that address is not for this network, correct the broker's advertised.listeners",
    );
  }
}

/** What the newest version of the Fetch request shows of the release. */
const releases: readonly (readonly [leastFetchVersion: number, release: string])[] = [
  [18, '4.0'],
  [17, '3.9'],
  [16, '3.7'],
  [15, '3.5'],
  [13, '3.1'],
  [12, '2.7'],
  [11, '2.3'],
];

function securityFinding({ isEncrypted, mechanism, isLocal }: KafkaView['security']): Finding {
  const login = mechanism === undefined ? 'no login' : `login by ${mechanism.toUpperCase()}`;
  const message = `${isEncrypted ? 'TLS' : 'no TLS'}, ${login}`;
  if (isEncrypted || isLocal) return okFinding('security', message);
  return warningFinding(
    'security',
    `${message}: events${mechanism === undefined ? '' : ' and credentials'} cross the network in the clear`,
    'use a TLS listener of the brokers and set EVENT_BUS_KAFKA_TLS',
  );
}
