import { IllegalStateError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { kafkaErrorType } from '../driver/kafka-error.js';

/** A committed offset, and the text that was committed with it. */
export interface GroupCommit {
  readonly offset: number;
  readonly metadata: string | null;
}

/** Reads and sets committed offsets without being a member, which Kafka allows while a group has none. */
export class GroupCommits {
  readonly #driver: () => Promise<KafkaDriver>;

  /** @param driver gives a driver that is connected */
  constructor(driver: () => Promise<KafkaDriver>) {
    this.#driver = driver;
  }

  /** By partition; without those on which the group has committed nothing. */
  async committed(
    groupId: string,
    topic: string,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, GroupCommit>> {
    const coordinator = (await this.#driver()).coordinatorOf(groupId);
    const offsets = await onceReady(() => coordinator.offsetFetch([{ topic, partitions }]));
    return new Map(offsets.map(({ partition, offset, metadata }) => [partition, { offset, metadata }]));
  }

  /** @throws IllegalStateError when the group has members */
  async commit(
    groupId: string,
    topic: string,
    commits: readonly {
      readonly partition: number;
      readonly offset: number;
      readonly metadata?: string | null;
    }[],
  ): Promise<void> {
    const coordinator = (await this.#driver()).coordinatorOf(groupId);
    const partitions = commits.map((commit) => ({ metadata: null, ...commit }));
    const query = { groupId, generationId: -1, memberId: '', topics: [{ topic, partitions }] };
    try {
      await onceReady(() => coordinator.offsetCommit(query));
    } catch (error) {
      if (!hasMembers.has(kafkaErrorType(error) ?? '')) throw error;
      throw new IllegalStateError(
        `setting the offsets of group ${groupId}`,
        'it has active members: stop them',
      );
    }
  }
}

/** The first request for a group in the life of a cluster has to wait for its coordinator. */
async function onceReady<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === MAX_TRIES || !notReadyYet.has(kafkaErrorType(error) ?? '')) throw error;
      await runtime().clock.sleep(200);
    }
  }
}

const MAX_TRIES = 25;

/** As Kafka and as kafkajs name them. */
const notReadyYet: ReadonlySet<string> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'NOT_COORDINATOR_FOR_GROUP',
]);

const hasMembers: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);
