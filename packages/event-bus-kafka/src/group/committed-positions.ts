import { runtime } from '@openedx-ts/events-core/bus';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import type { ListedOffsets } from '../driver/listed-offsets.js';
import type { OffsetSpec } from '../driver/offset-spec.js';
import { parseCommitMetadata } from './commit-metadata.js';
import { reportRecreated } from './lost-events.js';
import type { Position } from './position.js';

export interface CommittedPositionsOptions {
  readonly driver: KafkaDriver;
  readonly coordinator: GroupCoordinator;
  readonly maxDeliveries: number;
}

/** Positions of a group by partition, and why those of others are not known. */
export interface FoundPositions {
  readonly positions: ReadonlyMap<number, Position>;
  readonly failures: ReadonlyMap<number, Error>;
}

interface CheckedPositions {
  readonly checked: readonly { readonly position: Position; readonly isStale: boolean }[];
  readonly failures: ReadonlyMap<number, Error>;
}

/**
 * The positions that a group has committed. Kafka keeps them under the name of a topic: one that was deleted and created
 * again may still have those of the topic before. The text of a commit tells them apart, as it holds the topic's id.
 */
export class CommittedPositions {
  readonly #options: CommittedPositionsOptions;

  constructor(options: CommittedPositionsOptions) {
    this.#options = options;
  }

  /**
   * Where the group is, by partition; without those on which it has no position. Positions in a topic that was deleted are
   * replaced by the first offset of the one that has its name, and reported.
   *
   * @returns also the partitions whose position cannot be checked because their leader does not answer, each with the error
   */
  async read(fullTopic: string, partitions: readonly number[]): Promise<FoundPositions> {
    const { driver, coordinator } = this.#options;
    const commits = await coordinator.offsetFetch([{ topic: fullTopic, partitions }]);
    const found = commits.map(({ partition, offset, metadata }) => ({
      fullTopic,
      topicId: driver.topicIdOf(fullTopic),
      partition,
      offset,
      metadata,
    }));
    // Other members may have noticed a new topic earlier.
    if (found.some((position) => this.#isOfAnotherId(position))) await this.#refresh();
    const topicId = driver.topicIdOf(fullTopic);
    const { checked, failures } = await this.#withinTopic(
      fullTopic,
      found.map((position) => ({ ...position, topicId })),
    );
    const stale = checked.filter(({ isStale }) => isStale).map(({ position }) => position.partition);
    const first = await this.#list(fullTopic, stale, 'earliest');
    const positions = new Map<number, Position>();
    for (const { position, isStale } of checked) {
      const { partition } = position;
      const offset = first.offsets.get(partition);
      if (!isStale) positions.set(partition, position);
      else if (offset !== undefined) {
        const restarted = { ...position, offset, metadata: null };
        reportRecreated(restarted, coordinator.groupId, position.offset);
        positions.set(partition, restarted);
      }
    }
    return { positions, failures: new Map([...failures, ...first.failures]) };
  }

  /** Compares positions with the ends of partitions where the text does not decide it. */
  async #withinTopic(fullTopic: string, positions: readonly Position[]): Promise<CheckedPositions> {
    const known = positions.map((position) => ({ position, text: this.#textOf(position) }));
    const uncertain = known.filter(
      ({ position: { topicId }, text }) =>
        topicId === undefined || text?.topicId === undefined || !text.handledAhead.isEmpty,
    );
    const { offsets: ends, failures } = await this.#list(
      fullTopic,
      uncertain.map(({ position }) => position.partition),
      'end',
    );
    const checked = known
      .filter(({ position }) => !failures.has(position.partition))
      .map(({ position, text }) => {
        const end = ends.get(position.partition) ?? Number.POSITIVE_INFINITY;
        const hasSameId = text?.topicId !== undefined && text.topicId === position.topicId;
        const isStale = this.#isOfAnotherId(position) || (!hasSameId && position.offset > end);
        // Nobody can have handled what is not there.
        const isForged = text !== undefined && text.handledAhead.end > end;
        return { position: isForged ? { ...position, metadata: null } : position, isStale };
      });
    return { checked, failures };
  }

  #isOfAnotherId(position: Position): boolean {
    const topicId = this.#textOf(position)?.topicId;
    return topicId !== undefined && position.topicId !== undefined && topicId !== position.topicId;
  }

  #textOf({ metadata, offset }: Position) {
    return parseCommitMetadata(metadata, offset, this.#options.maxDeliveries);
  }

  async #refresh(): Promise<void> {
    try {
      await this.#options.driver.refreshMetadata();
    } catch (error) {
      runtime().logger.debug({ err: error }, 'metadata could not be read; another topic may be missing');
    }
  }

  async #list(fullTopic: string, partitions: readonly number[], at: OffsetSpec): Promise<ListedOffsets> {
    if (partitions.length === 0) return { offsets: new Map(), failures: new Map() };
    return this.#options.driver.listOffsetsByPartition(fullTopic, partitions, at);
  }
}
