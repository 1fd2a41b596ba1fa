import { InfrastructureError } from '@openedx-ts/events-core';
import type { DriverBroker } from './driver.js';
import type { GroupCluster } from './group-cluster.js';

/** What a test's cluster answers; an error of the broker is thrown as a cluster throws it. */
export interface FakeAnswers {
  /** Of the coordinator. */
  readonly broker: Partial<DriverBroker>;
  /** How many partitions each topic has. */
  readonly topics?: Readonly<Record<string, number>>;
  /** Offsets of a partition: its first, its end, and the first since a time. */
  readonly offsets?: Readonly<
    Record<number, { readonly earliest: number; readonly latest: number; readonly since?: number }>
  >;
}

/** A cluster that answers what a test tells it to, and no network. */
export function fakeGroupCluster({ broker, topics = {}, offsets = {} }: FakeAnswers): GroupCluster {
  const cluster: Partial<GroupCluster> = {
    askCoordinator: (_doing, run) => run(broker as DriverBroker),
    hasTopic: async (topic) => topic in topics,
    refreshMetadata: async () => {},
    probeCoordinator: async () => {},
    partitionsOf: (topic) =>
      Array.from({ length: topics[topic] ?? 0 }, (_, partition) => ({ partition, leader: 1 })),
    offsetsAt: async (_topic, partitions, at) =>
      new Map(
        partitions.map((partition) => {
          const known = offsets[partition] ?? { earliest: 0, latest: 0 };
          return [partition, typeof at === 'number' ? (known.since ?? -1) : known[at]];
        }),
      ),
  };
  return cluster as GroupCluster;
}

/** An answer of the broker that is an error, as `GroupCluster` throws it. */
export function brokerError(type: string): InfrastructureError {
  return new InfrastructureError(`Kafka: ${type}`, { cause: Object.assign(new Error(type), { type }) });
}
