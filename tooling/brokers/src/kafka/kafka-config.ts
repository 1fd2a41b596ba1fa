import type { TestCertificates } from '../certificates/test-certificates.js';
import { type KafkaPorts, listenerLines } from './kafka-listeners.js';
import type { KafkaOptions } from './kafka-options.js';

/** Where a broker listens and writes. */
export interface KafkaPlace {
  /** Address to listen on. */
  readonly bind: string;
  readonly ports: KafkaPorts;
  readonly folder: string;
  /** Its place among several nodes; default node 1 of one. */
  readonly node?: KafkaNodePlace;
}

/** A node of a cluster whose nodes are all broker and controller. */
export interface KafkaNodePlace {
  readonly id: number;
  /** Ports of the controllers on 127.0.0.1, by id of the node. */
  readonly controllers: ReadonlyMap<number, number>;
}

/**
 * The text of server.properties of one node, broker and controller in one.
 * @param certificates for listeners with TLS
 */
export function kafkaConfig(
  options: KafkaOptions,
  place: KafkaPlace,
  certificates?: TestCertificates,
): string {
  const { numPartitions = 4, autoCreateTopics = true, config = [] } = options;
  const { id, controllers } = place.node ?? {
    id: 1,
    controllers: new Map([[1, place.ports.get('controller') ?? 0]]),
  };
  const replicas = Math.min(3, controllers.size);
  const voters = [...controllers].map(([voter, port]) => `${voter}@127.0.0.1:${port}`);
  const lines = [
    'process.roles=broker,controller',
    `node.id=${id}`,
    `controller.quorum.voters=${voters.join(',')}`,
    ...listenerLines(options, place, certificates),
    `log.dirs=${place.folder.replaceAll('\\', '/')}`,
    `num.partitions=${numPartitions}`,
    `auto.create.topics.enable=${autoCreateTopics}`,
    // Topics of the broker's own.
    `offsets.topic.replication.factor=${replicas}`,
    'offsets.topic.num.partitions=5',
    `transaction.state.log.replication.factor=${replicas}`,
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=5',
    `share.coordinator.state.topic.replication.factor=${replicas}`,
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=5',
    // Tests do not wait, and may use short sessions.
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    // A broker that was killed is let in again when its old session is over: 9 s by default.
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
    // Small.
    'num.network.threads=2',
    'num.io.threads=4',
    'background.threads=2',
    'log.cleaner.dedupe.buffer.size=4194304',
    ...config,
  ];
  return `${lines.join('\n')}\n`;
}
