import { type Environment, IllegalStateError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { GroupCluster } from '../group/group-cluster.js';
import { resolveKafkaConsumerOptions } from '../kafka-consumer-options.js';
import { kafkaErrorType } from '../kafka-error.js';
import { kafkaConsumerSettings } from '../kafka-settings.js';

/** Where a group is on a partition, and what it noted with that. */
export interface GroupCommit {
  readonly offset: number;
  readonly metadata: string | null;
}

/** Reads and sets positions of groups without being a member, which Kafka allows while a group has none. */
export class GroupCommits {
  readonly #env: Environment;
  readonly #clusters = new Map<string, Promise<GroupCluster>>();

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The cluster as the group sees it, connected. */
  clusterOf(groupId: string): Promise<GroupCluster> {
    const known = this.#clusters.get(groupId);
    if (known !== undefined) return known;
    const cluster = new GroupCluster(
      resolveKafkaConsumerOptions({ ...kafkaConsumerSettings(this.#env), topics: ['any'], groupId }),
    );
    const connecting = cluster.connect().then(() => cluster);
    this.#clusters.set(groupId, connecting);
    connecting.catch(() => this.#clusters.delete(groupId));
    return connecting;
  }

  /** By partition; an offset of -1 where the group has no position. */
  async committed(
    groupId: string,
    topic: string,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, GroupCommit>> {
    const cluster = await this.clusterOf(groupId);
    const topics = [{ topic, partitions: partitions.map((partition) => ({ partition })) }];
    const { responses } = await whenThere(() =>
      cluster.askCoordinator(`the position of group ${groupId} cannot be read`, (broker) =>
        broker.offsetFetch({ groupId, topics }),
      ),
    );
    const found = responses.flatMap((one) => one.partitions) as readonly FoundOffset[];
    return new Map(
      found.map(({ partition, offset, metadata = null }) => [
        partition,
        { offset: Number(offset), metadata },
      ]),
    );
  }

  /** @throws IllegalStateError when the group has members */
  async commit(
    groupId: string,
    topic: string,
    commits: readonly { readonly partition: number; readonly offset: number; readonly metadata?: string }[],
  ): Promise<void> {
    const cluster = await this.clusterOf(groupId);
    const partitions = commits.map((commit) => ({ ...commit, offset: String(commit.offset) }));
    const alone = { groupId, groupGenerationId: -1, memberId: '' };
    try {
      await whenThere(() =>
        cluster.askCoordinator(`the position of group ${groupId} cannot be set`, (broker) =>
          broker.offsetCommit({ ...alone, topics: [{ topic, partitions }] }),
        ),
      );
    } catch (error) {
      if (!hasMembers.has(kafkaErrorType(error) ?? '')) throw error;
      throw new IllegalStateError(`setting group ${groupId}`, 'members of it are at work: stop them');
    }
  }

  async close(): Promise<void> {
    for (const cluster of this.#clusters.values()) (await cluster.catch(() => undefined))?.close();
  }
}

/** What kafkajs answers, with what its types leave out. */
interface FoundOffset {
  readonly partition: number;
  readonly offset: string;
  readonly metadata?: string | null;
}

/** The first use of a group in the life of a cluster has to wait for its coordinator. */
async function whenThere<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === TRIES || !comesSoon.has(kafkaErrorType(error) ?? '')) throw error;
      await runtime().clock.sleep(200);
    }
  }
}

const TRIES = 25;

const comesSoon: ReadonlySet<string> = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
]);

const hasMembers: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);
