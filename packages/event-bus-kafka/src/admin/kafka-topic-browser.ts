import {
  checkNewestQuery,
  formatLaneCursor,
  newestFirst,
  parseLaneCursor,
} from '@openedx-ts/events-core/bus';
import type {
  FollowedMessages,
  FollowOptions,
  NewestMessages,
  NewestQuery,
  TopicBrowser,
  TopicDescription,
} from '@openedx-ts/events-core/operate';
import { KafkaDriver } from '../driver/kafka-driver.js';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import type { ClusterReader } from './cluster-reader.js';
import type { DeadLetterMarks } from './dead-letter-marks.js';
import { describeLanes } from './describe-lanes.js';
import { followTopic } from './follow-topic.js';
import { parsePosition } from './parse-position.js';
import { readBackwards } from './read-backwards.js';
import type { PartitionRange } from './read-partition.js';
import { RemovedOffsets } from './removed-offsets.js';
import { topicRetention } from './topic-retention.js';

/** What `KafkaTopicBrowser` works with. */
export interface KafkaTopicBrowserOptions {
  readonly client: ResolvedKafkaClientOptions;
  readonly cluster: ClusterReader;
  readonly marks: DeadLetterMarks;
}

/** Shows topics of Kafka. A cursor is an offset for each partition. */
export class KafkaTopicBrowser implements TopicBrowser {
  readonly #options: KafkaTopicBrowserOptions;
  /** The connections of those who follow a topic. */
  readonly #following = new Set<KafkaDriver>();

  constructor(options: KafkaTopicBrowserOptions) {
    this.#options = options;
  }

  async newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages> {
    checkNewestQuery(query);
    const { count, before } = query;
    const given = before === undefined ? undefined : parseLaneCursor(before, 'before');
    const { ranges, ends } = await this.#ranges(fullTopic);
    const limits = new Map(
      ranges.map(({ partition, end }) => [
        partition,
        given === undefined ? end : Math.min(end, given.get(partition) ?? 0),
      ]),
    );
    const driver = await this.#options.cluster.driver();
    const lanes = ranges.map((range) =>
      readBackwards(driver, { ...range, end: limits.get(range.partition) ?? 0 }),
    );
    const messages = await newestFirst(lanes, count);
    for (const { position } of messages) {
      const { partition, offset } = parsePosition(position);
      limits.set(partition, offset);
    }
    const older = ranges
      .map(({ partition, first }) => [partition, limits.get(partition) ?? 0, first] as const)
      .filter(([, limit, first]) => limit > first)
      .map(([partition, limit]) => [partition, limit] as const);
    const hasOlder = messages.length > 0 && older.length > 0;
    return {
      messages,
      before: hasOlder ? formatLaneCursor(new Map(older)) : undefined,
      end: formatLaneCursor(ends),
    };
  }

  async *follow(
    fullTopic: string,
    { from, abortSignal }: FollowOptions,
  ): AsyncGenerator<FollowedMessages, void> {
    const start = from === undefined ? undefined : parseLaneCursor(from, 'from');
    const driver = new KafkaDriver(this.#options.client);
    this.#following.add(driver);
    try {
      yield* followTopic(driver, fullTopic, start, abortSignal);
    } finally {
      this.#following.delete(driver);
      driver.close();
    }
  }

  async describeTopic(fullTopic: string): Promise<TopicDescription | undefined> {
    const { cluster } = this.#options;
    const lanes = await describeLanes(cluster, fullTopic);
    if (lanes === undefined) return undefined;
    return { lanes, retention: topicRetention(await cluster.topicConfig(fullTopic)) };
  }

  /** Cuts the connections of those who follow a topic: their next page fails. */
  close(): void {
    for (const driver of this.#following) driver.close();
  }

  /** What each partition of a topic holds, and where it ends. */
  async #ranges(fullTopic: string): Promise<{
    readonly ranges: readonly PartitionRange[];
    readonly ends: ReadonlyMap<number, number>;
  }> {
    const { cluster, marks } = this.#options;
    const driver = await cluster.driver();
    const described = await driver.describeTopic(fullTopic);
    if (described === undefined) return { ranges: [], ends: new Map() };
    const partitions = described.partitions.toSorted((a, b) => a.partition - b.partition);
    const numbers = partitions.map(({ partition }) => partition);
    const ends = await driver.listOffsets(fullTopic, numbers, 'latest');
    const begins = await driver.listOffsets(fullTopic, numbers, 'earliest');
    const removed = await marks.removed(fullTopic, numbers, ends);
    const ranges = partitions.map(({ partition, leader }) => {
      const gone = removed.get(partition) ?? RemovedOffsets.of(undefined);
      const first = Math.max(begins.get(partition) ?? 0, gone.below);
      return { fullTopic, partition, leader, first, end: ends.get(partition) ?? 0, gone };
    });
    return { ranges, ends };
  }
}
