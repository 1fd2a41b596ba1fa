import { InfrastructureError } from '@openedx-ts/events-core';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';

/** What a test's cluster has. */
export interface FakeCluster {
  /** How many partitions each topic has. */
  readonly topics?: Readonly<Record<string, number>>;
  /** Errors of topics that Kafka refuses. */
  readonly refused?: Readonly<Record<string, Error>>;
  /** The id of each topic; a test may change them. */
  readonly topicIds?: Readonly<Record<string, string>>;
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
        leader: 1,
        leaderEpoch: 0,
        replicas: [1],
        inSyncReplicas: [1],
      })),
    listOffsets: async (_topic, partitions, at) =>
      new Map(
        partitions.map((partition) => {
          const known = offsets[partition] ?? { earliest: 0, latest: 0 };
          return [
            partition,
            typeof at === 'number' ? (known.since ?? -1) : known[at === 'end' ? 'latest' : at],
          ];
        }),
      ),
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
