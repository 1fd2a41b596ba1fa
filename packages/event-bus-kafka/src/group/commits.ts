import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import { kafkaErrorType } from '../driver/kafka-error.js';
import type { GroupMemberId, OffsetCommitQuery } from '../driver/protocol/offset-commit.js';
import { groupBy } from '../runtime/group-by.js';
import { MAX_METADATA_LENGTH } from './commit-metadata.js';
import type { Lane } from './lane.js';

type CommittedTopics = OffsetCommitQuery['topics'];
/** The topics whose offsets were not committed, because Kafka refuses them alone. */
type RefusedTopics = ReadonlyMap<string, Error>;

export interface CommitsOptions {
  readonly coordinator: GroupCoordinator;
  /** This member in its present generation; undefined while it is not in the group. */
  readonly member: () => GroupMemberId | undefined;
  /** Called when the coordinator does not know this member any more. */
  readonly onExpelled: () => void;
}

/**
 * Commits the progress of lanes, except for those of topics that were deleted. Commits that are requested while a request
 * is under way are sent together with the next one. The coordinator refuses requests of former members and generations,
 * so that nobody's progress is overwritten. Each commit carries a text (`CommitMetadata`).
 */
export class Commits {
  readonly #options: CommitsOptions;
  #waiting = new Map<Lane, number>();
  /** The generation in which each lane was first committed: in a later one its partition may be another member's. */
  readonly #generations = new WeakMap<Lane, number>();
  #next: Promise<RefusedTopics> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #isOver = false;
  #maxMetadataLength = MAX_METADATA_LENGTH;
  #haveCountsFailed = false;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the offset, or a later one, is committed, and also when the partition is not assigned any more.
   *
   * @throws InfrastructureError when the coordinator does not answer, or Kafka refuses the topic of the lane
   */
  async commit(lane: Lane, offset: number): Promise<void> {
    if (this.#isOver) return;
    if (!this.#generations.has(lane))
      this.#generations.set(lane, this.#options.member()?.generationId ?? NO_GENERATION);
    this.#waiting.set(lane, offset);
    this.#next ??= this.#running.then(() => this.#send());
    const refusal = (await this.#next).get(lane.fullTopic);
    if (refusal !== undefined) throw new InfrastructureError(reasonOf(refusal), { cause: refusal });
  }

  /**
   * Commits the delivery counts of a lane at the offset that it has reached. Undefined when the broker keeps none. Never
   * rejects: events go on without counts.
   */
  commitCounts(lane: Lane): Promise<void> | undefined {
    if (this.#maxMetadataLength === 0) return undefined;
    return this.commit(lane, lane.handled).catch((error) => this.#countsFailed(error));
  }

  /** Accepts no more commits; resolves when the last ones are written or have failed. */
  async end(): Promise<void> {
    const last = this.#next ?? this.#running;
    this.#isOver = true;
    await last.catch(() => {});
  }

  #countsFailed(error: unknown): void {
    if (this.#haveCountsFailed) return;
    this.#haveCountsFailed = true;
    runtime().logger.warn({ err: error }, countsFailed);
  }

  /** For a broker whose `offset.metadata.max.bytes` is less than usual. */
  #shortenMetadata(topics: CommittedTopics, error: unknown): void {
    const lengths = topics.flatMap(({ partitions }) =>
      partitions.map(({ metadata }) => metadata?.length ?? 0),
    );
    const isLong = Math.max(...lengths) > SHORT_METADATA_LENGTH;
    this.#maxMetadataLength = isLong ? SHORT_METADATA_LENGTH : 0;
    if (isLong) runtime().logger.warn({ err: error }, metadataShortened);
    else this.#countsFailed(error);
  }

  #send(): Promise<RefusedTopics> {
    const offsets = this.#waiting;
    this.#waiting = new Map();
    this.#next = undefined;
    const sent = this.#sendOnce(offsets);
    this.#running = sent.catch(() => {}); // whoever asked for the commit has the error
    return sent;
  }

  async #sendOnce(offsets: ReadonlyMap<Lane, number>): Promise<RefusedTopics> {
    const { coordinator, member: memberNow, onExpelled } = this.#options;
    const member = memberNow();
    if (member === undefined) return new Map();
    const current = [...offsets].filter(
      ([lane]) => !lane.isOfDeletedTopic && this.#generations.get(lane) === member.generationId,
    );
    if (current.length === 0) return new Map();
    const topics = byTopic(current, this.#maxMetadataLength);
    try {
      return await coordinator.offsetCommitByTopic({ ...member, topics });
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type === 'OFFSET_METADATA_TOO_LARGE' && this.#maxMetadataLength > 0) {
        this.#shortenMetadata(topics, error);
        return this.#sendOnce(offsets);
      }
      if (type === 'ILLEGAL_GENERATION' || type === 'UNKNOWN_MEMBER_ID') {
        onExpelled();
        return new Map();
      }
      throw error;
    }
  }
}

const NO_GENERATION = -1;

/** What fits in the smallest `offset.metadata.max.bytes` that is worth a try. */
const SHORT_METADATA_LENGTH = 200;

const countsFailed =
  'Delivery counts cannot be committed (logged once). An event that crashes the process each time may not be dead-lettered. See offset.metadata.max.bytes of the brokers.';
const metadataShortened =
  'Not all that was handled behind an unfinished event can be committed (logged once): after a rebalance some events are delivered again. See offset.metadata.max.bytes of the brokers.';

/** Notes in each lane what is committed for it. */
function byTopic(offsets: readonly (readonly [Lane, number])[], maxMetadataLength: number): CommittedTopics {
  const topics = groupBy(offsets, ([{ fullTopic }]) => fullTopic);
  return Array.from(topics, ([fullTopic, lanes]) => ({
    topic: fullTopic,
    partitions: lanes.map(([lane, offset]) => {
      const metadata = lane.metadataAt(offset, maxMetadataLength);
      lane.written.note(offset, metadata);
      return { partition: lane.partition, offset, metadata };
    }),
  }));
}
