import { confluentWireFormat } from '@openedx-ts/events-avro';
import { IllegalStateError } from '@openedx-ts/events-core';
import {
  isDeadLetterTopic,
  type Message,
  reasonOf,
  runtime,
  type WireFormat,
} from '@openedx-ts/events-core/bus';
import type {
  FollowedMessages,
  FollowOptions,
  GroupFate,
  GroupProgress,
  NewestMessages,
  NewestQuery,
  ReadBounds,
  StoredMessage,
  TopicDescription,
  TopicStore,
} from '@openedx-ts/events-core/operate';
import { decodeSubscription } from '../driver/consumer-protocol.js';
import { formatCommitMetadata } from '../group/commit-metadata.js';
import { HandledAhead } from '../group/handled-ahead.js';
import { laneName } from '../group/lane-name.js';
import type { ResolvedKafkaProducerOptions } from '../options/kafka-options.js';
import { StoredMessagePublisher } from '../producer/stored-message-publisher.js';
import { schemaRegistryOf } from '../registry/schema-registry-of.js';
import { groupBy } from '../runtime/group-by.js';
import { KeyedQueue } from '../runtime/keyed-queue.js';
import type { ClusterReader } from './cluster-reader.js';
import { createRetryTopic } from './create-retry-topic.js';
import { DeadLetterMarks } from './dead-letter-marks.js';
import { GroupCommits } from './group-commits.js';
import { groupFates } from './group-fates.js';
import { KafkaTopicBrowser } from './kafka-topic-browser.js';
import { parsePosition } from './parse-position.js';
import { partitionRanges } from './partition-ranges.js';
import { readPartition } from './read-partition.js';
import { RemovedOffsets } from './removed-offsets.js';

/**
 * What operators do with topics. Kafka cannot delete single records: which dead letters were dealt with is kept in the
 * commits of the group `<prefix->openedx-events-dlq`, and records are deleted up to the first that was not.
 */
export class KafkaTopicStore implements TopicStore {
  readonly topicPrefix: string | undefined;
  readonly wireFormat: WireFormat;
  readonly #cluster: ClusterReader;
  readonly #publisher: StoredMessagePublisher;
  readonly #commits: GroupCommits;
  readonly #marksGroup: string;
  readonly #marks: DeadLetterMarks;
  readonly #browser: KafkaTopicBrowser;
  readonly #removals = new KeyedQueue();

  constructor(options: Readonly<ResolvedKafkaProducerOptions>, cluster: ClusterReader) {
    this.topicPrefix = options.topicPrefix;
    this.wireFormat = confluentWireFormat(schemaRegistryOf(options.schemaRegistry));
    this.#commits = new GroupCommits(() => cluster.driver());
    this.#cluster = cluster;
    this.#publisher = new StoredMessagePublisher({ ...options, allowAutoTopicCreation: false });
    this.#marksGroup = `${options.topicPrefix ? `${options.topicPrefix}-` : ''}openedx-events-dlq`;
    this.#marks = new DeadLetterMarks({ cluster, commits: this.#commits, groupId: this.#marksGroup });
    this.#browser = new KafkaTopicBrowser({ client: options, cluster, marks: this.#marks });
  }

  topicNames(): Promise<readonly string[]> {
    return this.#cluster.topicNames();
  }

  async *read(fullTopic: string, bounds: ReadBounds = {}): AsyncGenerator<readonly StoredMessage[]> {
    const source = { cluster: this.#cluster, marks: this.#marks };
    const ranges = await partitionRanges(source, fullTopic, bounds);
    const driver = await this.#cluster.driver();
    for (const range of ranges) yield* readPartition(driver, range);
  }

  async write(message: Message): Promise<string> {
    return this.#publisher.publish(message);
  }

  async createRetryTopic(fullTopic: string, groupId: string): Promise<void> {
    await createRetryTopic(await this.#cluster.driver(), fullTopic, groupId);
  }

  async remove(fullTopic: string, positions: readonly string[], why: 'redriven' | 'purged'): Promise<void> {
    // Kafka deletes all that lies before a place, and other groups may not have read it.
    if (!isDeadLetterTopic(fullTopic))
      throw new IllegalStateError('removing', `${fullTopic} is no dead-letter topic`);
    // Each adds to what is marked already, so two at once would forget one.
    await this.#removals.run(fullTopic, () => this.#remove(fullTopic, positions, why));
  }

  async groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined> {
    const description = await this.#cluster.describeGroup(groupId);
    const activeMembers = description?.members.length ?? 0;
    const subscriptions = description?.members.map(({ memberMetadata }) =>
      decodeSubscription(memberMetadata),
    );
    const readers = subscriptions?.filter((topics) => topics.includes(fullTopic)).length ?? 0;
    const committed = (await this.#cluster.committed(groupId)).get(fullTopic);
    if (committed === undefined && activeMembers === 0) return undefined;
    const next = Array.from(committed ?? [], ([partition, offset]) => [
      laneName(fullTopic, partition),
      `${partition}:${offset}`,
    ]);
    return { activeMembers, readers, next: new Map(next as [string, string][]) };
  }

  async moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void> {
    const isNew = (await this.groupProgress(fullTopic, groupId)) === undefined;
    const driver = await this.#cluster.driver();
    const { partitions = [], topicId } = (await driver.describeTopic(fullTopic)) ?? {};
    const offsets = new Map<number, number>();
    if (isNew) {
      const numbers = partitions.map(({ partition }) => partition);
      for (const [partition, end] of await driver.listOffsets(fullTopic, numbers, 'latest'))
        offsets.set(partition, end);
    }
    for (const { partition, offset } of positions.map(parsePosition)) offsets.set(partition, offset);
    const text = { topicId, counts: undefined, handledAhead: HandledAhead.none };
    const commits = Array.from(offsets, ([partition, offset]) => {
      const metadata = formatCommitMetadata(text, offset);
      return { partition, offset, metadata };
    });
    await this.#commits.commit(groupId, fullTopic, commits);
  }

  async fateOf(fullTopic: string, position: string): Promise<readonly GroupFate[]> {
    return groupFates({ cluster: this.#cluster, commits: this.#commits }, fullTopic, parsePosition(position));
  }

  newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages> {
    return this.#browser.newest(fullTopic, query);
  }

  follow(fullTopic: string, options: FollowOptions): AsyncIterable<FollowedMessages> {
    return this.#browser.follow(fullTopic, options);
  }

  describeTopic(fullTopic: string): Promise<TopicDescription | undefined> {
    return this.#browser.describeTopic(fullTopic);
  }

  async close(): Promise<void> {
    this.#browser.close();
    await this.#publisher.close();
  }

  async #remove(fullTopic: string, positions: readonly string[], why: 'redriven' | 'purged'): Promise<void> {
    const byPartition = groupBy(positions.map(parsePosition), ({ partition }) => partition);
    const driver = await this.#cluster.driver();
    if ((await driver.describeTopic(fullTopic)) === undefined) return;
    const numbers = [...byPartition.keys()];
    const begins = await driver.listOffsets(fullTopic, numbers, 'earliest');
    const ends = await driver.listOffsets(fullTopic, numbers, 'latest');
    const removed = await this.#marks.removed(fullTopic, numbers, ends);
    const commits = numbers.map((partition) => {
      const gone = removed.get(partition) ?? RemovedOffsets.of(undefined);
      gone.add(
        (byPartition.get(partition) ?? []).map(({ offset }) => offset),
        begins.get(partition) ?? 0,
      );
      const commit = gone.toCommit(driver.topicIdOf(fullTopic));
      if (commit !== undefined) return { partition, ...commit };
      const state = `so many lie between others on ${fullTopic} that Kafka cannot keep which: deal with the oldest first`;
      throw new IllegalStateError('removing single dead letters', state);
    });
    await this.#commits.commit(this.#marksGroup, fullTopic, commits);
    const below = commits
      .filter(({ partition, offset }) => offset > (begins.get(partition) ?? 0))
      .map(({ partition, offset }) => [partition, offset] as const);
    await this.#deleteRecords(fullTopic, below, why === 'purged');
  }

  /** @param isNeeded whether it is an error that the records stay; otherwise it is a warning */
  async #deleteRecords(
    fullTopic: string,
    before: readonly (readonly [partition: number, offset: number])[],
    isNeeded: boolean,
  ): Promise<void> {
    if (before.length === 0) return;
    try {
      await (await this.#cluster.driver()).deleteRecords(fullTopic, new Map(before));
    } catch (error) {
      if (isNeeded) throw error;
      runtime().logger.warn(
        { topic: fullTopic, reason: reasonOf(error) },
        'Records of dead letters that were sent again cannot be deleted: they stay until the retention of the topic.',
      );
    }
  }
}
