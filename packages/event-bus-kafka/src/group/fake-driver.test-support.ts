import { InfrastructureError } from '@openedx-ts/events-core';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { LeaderlessError } from '../driver/leaderless-error.js';

/** What a test's cluster has. */
export interface FakeCluster {
  /** How many partitions each topic has. */
  readonly topics?: Readonly<Record<string, number>>;
  /** Errors of topics that Kafka refuses. */
  readonly refused?: Readonly<Record<string, Error>>;
  /** The id of each topic; a test may change them. */
  readonly topicIds?: Readonly<Record<string, string>>;
  /** Partitions that have no leader; a test may change them. */
  readonly leaderless?: ReadonlySet<number>;
  /** Offsets of a partition: its first, its end, and the first since a time. */
  readonly offsets?: Readonly<
    Record<number, { readonly earliest: number; readonly latest: number; readonly since?: number }>
  >;
}

/** A driver without a network, for a cluster that a test describes. */
export function fakeDriver({
  topics = {},
  topicIds = {},
  offsets = {},
  refused = {},
  leaderless = new Set(),
}: FakeCluster): KafkaDriver {
  const driver: Partial<KafkaDriver> = {
    hasTopic: async (topic) => refused[topic] ?? topic in topics,
    refreshMetadata: async () => {},
    readTopics: async (names) =>
      new Map(
        names
          .filter((name) => name in topics)
          .map((topic) => [
            topic,
            { topic, topicId: undefined, errorCode: 0, partitions: driver.partitionsOf?.(topic) ?? [] },
          ]),
      ),
    topicIdOf: (topic) => topicIds[topic],
    partitionsOf: (topic) =>
      Array.from({ length: topics[topic] ?? 0 }, (_, partition) => ({
        partition,
        leader: leaderless.has(partition) ? -1 : 1,
        leaderEpoch: 0,
        replicas: [1],
        inSyncReplicas: [1],
      })),
    listOffsets: async (topic, partitions, at) =>
      (await driver.listOffsetsByPartition?.(topic, partitions, at))?.offsets ?? new Map(),
    listOffsetsByPartition: async (topic, partitions, at) => ({
      offsets: new Map(
        partitions
          .filter((partition) => !leaderless.has(partition))
          .map((partition) => {
            const known = offsets[partition] ?? { earliest: 0, latest: 0 };
            return [
              partition,
              typeof at === 'number' ? (known.since ?? -1) : known[at === 'end' ? 'latest' : at],
            ];
          }),
      ),
      failures: new Map(
        partitions
          .filter((partition) => leaderless.has(partition))
          .map((partition) => [partition, new LeaderlessError(topic, partition)]),
      ),
    }),
  };
  return driver as KafkaDriver;
}

/** The coordinator of group `g` with the answers that a test gives it. */
export function fakeCoordinator(answers: Partial<GroupCoordinator>): GroupCoordinator {
  return { groupId: 'g', probe: async () => {}, ...answers } as GroupCoordinator;
}

/** An answer of the broker that is an error, as a `GroupCoordinator` throws it. */
export function brokerError(type: string): InfrastructureError {
  return new InfrastructureError(`Kafka: ${type}`, { cause: Object.assign(new Error(type), { type }) });
}
