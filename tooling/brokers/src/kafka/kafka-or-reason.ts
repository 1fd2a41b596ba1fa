import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { findKafka } from './find-kafka.js';
import type { KafkaOptions } from './kafka-options.js';
import type { KafkaServer } from './kafka-server.js';
import { startKafka } from './start-kafka.js';

/** Kafka on this machine, or why there is none. */
export type KafkaOrReason = ServerOrReason<KafkaOptions, KafkaServer>;

/**
 * Looks for a Kafka without starting it, so that tests can be skipped with a reason. The jars are downloaded here.
 * @param options what every broker of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export function kafkaOrReason(options: KafkaOptions = {}): Promise<KafkaOrReason> {
  return serverOrReason({ find: findKafka, start: startKafka }, options);
}
