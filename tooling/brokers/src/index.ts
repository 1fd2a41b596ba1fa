export {
  makeCertificates,
  type PemFile,
  type TestCertificates,
  testCertificates,
} from './certificates/test-certificates.js';
export { type FoundChromium, findChromium } from './chromium/find-chromium.js';
export type {
  FakeSchemaRegistry,
  FakeSchemaRegistryOptions,
  RegistryFault,
  SeenRequest,
} from './fake-registry/fake-schema-registry.js';
export { startFakeSchemaRegistry } from './fake-registry/start-fake-schema-registry.js';
export type { KafkaCluster, KafkaNode, PlacedTopic } from './kafka/cluster/kafka-cluster.js';
export type { KafkaClusterOptions } from './kafka/cluster/kafka-cluster-options.js';
export { type KafkaClusterOrReason, kafkaClusterOrReason } from './kafka/cluster/kafka-cluster-or-reason.js';
export { startKafkaCluster } from './kafka/cluster/start-kafka-cluster.js';
export type { KafkaEdition, KafkaOptions, SecureListener } from './kafka/kafka-options.js';
export { type KafkaOrReason, kafkaOrReason } from './kafka/kafka-or-reason.js';
export type { KafkaAddress, KafkaServer } from './kafka/kafka-server.js';
export { makeTopics } from './kafka/make-topics.js';
export type { PartitionState } from './kafka/protocol/read-metadata.js';
export { startKafka } from './kafka/start-kafka.js';
export { unsecuredToken } from './kafka/unsecured-token.js';
export { BrokerFailedError } from './ladder/broker-failed-error.js';
export { BrokerUnavailableError, type TriedRung } from './ladder/broker-unavailable-error.js';
export { NotControllableError } from './ladder/not-controllable-error.js';
export { runHadolint } from './lint/run-hadolint.js';
export { runKubernetesValidate } from './lint/run-kubernetes-validate.js';
export { runZizmor } from './lint/run-zizmor.js';
export type { MysqlOptions } from './mysql/mysql-options.js';
export { type MysqlOrReason, mysqlOrReason } from './mysql/mysql-or-reason.js';
export type { MysqlServer } from './mysql/mysql-server.js';
export { startMysql } from './mysql/start-mysql.js';
export type { PostgresEdition, PostgresOptions } from './postgres/postgres-options.js';
export { type PostgresOrReason, postgresOrReason } from './postgres/postgres-or-reason.js';
export type { PostgresServer } from './postgres/postgres-server.js';
export { type PostgresTools, postgresToolsOrReason } from './postgres/postgres-tools.js';
export { startPostgres } from './postgres/start-postgres.js';
export { freePort } from './process/free-port.js';
export { runPromtool } from './prometheus/run-promtool.js';
export type { Direction, Where } from './proxy/faults.js';
export { type FaultProxy, startFaultProxy } from './proxy/start-fault-proxy.js';
export { callRedis } from './redis/call-redis.js';
export { NoPongError } from './redis/no-pong-error.js';
export { pingRedis } from './redis/ping-redis.js';
export type { RedisCluster } from './redis/redis-cluster.js';
export type { RedisEdition, RedisOptions } from './redis/redis-options.js';
export { type RedisOrReason, redisOrReason } from './redis/redis-or-reason.js';
export type { RedisSentinelSetUp } from './redis/redis-sentinel-set-up.js';
export type { RedisServer } from './redis/redis-server.js';
export { startRedis } from './redis/start-redis.js';
export {
  type RedisClusterOrReason,
  redisClusterOrReason,
  startRedisCluster,
} from './redis/start-redis-cluster.js';
export {
  type RedisSentinelOrReason,
  redisSentinelOrReason,
  startRedisSentinel,
} from './redis/start-redis-sentinel.js';
export type { SchemaRegistryOptions } from './registry/schema-registry-options.js';
export { type SchemaRegistryOrReason, schemaRegistryOrReason } from './registry/schema-registry-or-reason.js';
export type { SchemaRegistryServer } from './registry/schema-registry-server.js';
export { startSchemaRegistry } from './registry/start-schema-registry.js';
export type { ControllableServer, ServerSource } from './server/controllable-server.js';
export { type ProgramsOnPath, programsOnPath } from './server/programs-on-path.js';
export { runTutor } from './tutor/run-tutor.js';
