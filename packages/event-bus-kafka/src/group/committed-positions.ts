import { runtime } from '@openedx-ts/events-core/bus';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { parseCommitMetadata } from './commit-metadata.js';
import { reportRecreated } from './lost-events.js';
import type { Position } from './position.js';

export interface CommittedPositionsOptions {
  readonly driver: KafkaDriver;
  readonly coordinator: GroupCoordinator;
  readonly maxDeliveries: number;
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
   */
  async read(fullTopic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, Position>> {
    const { driver, coordinator } = this.#options;
    const commits = await coordinator.offsetFetch([{ topic: fullTopic, partitions }]);
    const found = commits.map(({ partition, offset, metadata }) => ({
      ...{ fullTopic, topicId: driver.topicIdOf(fullTopic), partition, offset, metadata },
    }));
    // Other members may have noticed a new topic earlier.
    if (found.some((position) => this.#isOfAnotherId(position))) await this.#refresh();
    const topicId = driver.topicIdOf(fullTopic);
    const checked = await this.#withinTopic(found.map((position) => ({ ...position, topicId })));
    const stale = checked.filter(({ isStale }) => isStale).map(({ position }) => position);
    const first = stale.length === 0 ? undefined : await this.#firstOffsets(fullTopic, stale);
    return new Map(
      checked.map(({ position, isStale }) => {
        const { partition } = position;
        if (!isStale) return [partition, position];
        const restarted = { ...position, offset: first?.get(partition) ?? 0, metadata: null };
        reportRecreated(restarted, coordinator.groupId, position.offset);
        return [partition, restarted];
      }),
    );
  }

  /** Compares positions with the ends of partitions where the text does not say enough. */
  async #withinTopic(
    positions: readonly Position[],
  ): Promise<readonly { readonly position: Position; readonly isStale: boolean }[]> {
    const { driver } = this.#options;
    const known = positions.map((position) => ({ position, text: this.#textOf(position) }));
    const uncertain = known.filter(
      ({ position: { topicId }, text }) =>
        topicId === undefined || text?.topicId === undefined || !text.handledAhead.isEmpty,
    );
    const ends = new Map<number, number>();
    const fullTopic = uncertain[0]?.position.fullTopic;
    if (fullTopic !== undefined) {
      const partitions = uncertain.map(({ position }) => position.partition);
      for (const [partition, end] of await driver.listOffsets(fullTopic, partitions, 'end'))
        ends.set(partition, end);
    }
    return known.map(({ position, text }) => {
      const end = ends.get(position.partition) ?? Number.POSITIVE_INFINITY;
      const hasSameId = text?.topicId !== undefined && text.topicId === position.topicId;
      const isStale = this.#isOfAnotherId(position) || (!hasSameId && position.offset > end);
      // Nobody can have handled what is not there.
      const isForged = text !== undefined && text.handledAhead.end > end;
      return { position: isForged ? { ...position, metadata: null } : position, isStale };
    });
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

  #firstOffsets(fullTopic: string, positions: readonly Position[]): Promise<ReadonlyMap<number, number>> {
    const partitions = positions.map(({ partition }) => partition);
    return this.#options.driver.listOffsets(fullTopic, partitions, 'earliest');
  }
}
