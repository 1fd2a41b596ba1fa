import { type ServerOrReason, serverOrReason } from '../../server/server-or-reason.js';
import type { KafkaCluster } from './kafka-cluster.js';
import type { KafkaClusterOptions } from './kafka-cluster-options.js';
import { findKafkaCluster, startKafkaCluster } from './start-kafka-cluster.js';

/** A Kafka cluster on this machine, or why there is none. */
export type KafkaClusterOrReason = ServerOrReason<KafkaClusterOptions, KafkaCluster>;

/**
 * Looks for a way to a cluster without starting it, so that tests can be skipped with a reason.
 * @param options what every cluster of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export function kafkaClusterOrReason(options: KafkaClusterOptions = {}): Promise<KafkaClusterOrReason> {
  return serverOrReason({ find: findKafkaCluster, start: startKafkaCluster }, options);
}
