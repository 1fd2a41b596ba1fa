import { runtime } from '@openedx-ts/events-core/bus';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import { kafkaErrorType } from '../driver/kafka-error.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { groupBy } from '../runtime/group-by.js';
import type { Lane } from './lane.js';

export interface CommitsOptions {
  readonly coordinator: GroupCoordinator;
  /** Who we are in the group right now; undefined while we are not in it. */
  readonly member: () => GroupMemberId | undefined;
  /** Called when the group says that we are not in it any more. */
  readonly onExpelled: () => void;
}

/**
 * Commits how far lanes have come. What comes while a request is on its way goes together into the next one. The group
 * refuses requests of former members and generations, so that nobody's progress is overwritten. With each goes how often
 * what is in hand was begun (`DeliveryTally`).
 */
export class Commits {
  readonly #options: CommitsOptions;
  #waiting = new Map<Lane, number>();
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();
  #isOver = false;
  #keepsCounts = true;
  #hasFailedToNote = false;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the group's position is at or behind an offset, and also when the lane is not ours any more.
   *
   * @throws InfrastructureError when the coordinator could not be asked
   */
  commit(lane: Lane, offset: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    this.#waiting.set(lane, offset);
    this.#next ??= this.#running.then(() => this.#send());
    return this.#next;
  }

  /**
   * Writes down how often what is in hand of a lane was begun; the group stays where it is. Undefined when the broker
   * keeps no such notes. Never rejects: this must keep nothing from being consumed.
   */
  note(lane: Lane): Promise<void> | undefined {
    if (!this.#keepsCounts) return undefined;
    return this.commit(lane, lane.handled).catch((error) => this.#failedToNote(error));
  }

  /** Takes nothing more; resolves when what was asked for is written, or cannot be. */
  async end(): Promise<void> {
    const last = this.#next ?? this.#running;
    this.#isOver = true;
    await last.catch(() => {});
  }

  #failedToNote(error: unknown): void {
    if (this.#hasFailedToNote) return;
    this.#hasFailedToNote = true;
    runtime().logger.warn({ err: error }, countsAreLost);
  }

  #send(): Promise<void> {
    const offsets = this.#waiting;
    this.#waiting = new Map();
    this.#next = undefined;
    const sent = this.#sendOnce(offsets);
    this.#running = sent.catch(() => {}); // whoever asked for the commit has the error
    return sent;
  }

  async #sendOnce(offsets: ReadonlyMap<Lane, number>): Promise<void> {
    const { coordinator, member: memberNow, onExpelled } = this.#options;
    const member = memberNow();
    if (member === undefined) return;
    const topics = byTopic(offsets, this.#keepsCounts);
    try {
      await coordinator.offsetCommit({ ...member, topics });
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type === 'OFFSET_METADATA_TOO_LARGE' && this.#keepsCounts) {
        this.#keepsCounts = false;
        this.#failedToNote(error);
        return this.#sendOnce(offsets);
      }
      if (type === 'ILLEGAL_GENERATION' || type === 'UNKNOWN_MEMBER_ID') {
        onExpelled();
        return;
      }
      throw error;
    }
  }
}

const countsAreLost =
  'how often events were begun cannot be written down (said once): one that ends the process each time may not be noticed';

/** Notes in each lane what the broker is asked to keep. */
function byTopic(offsets: ReadonlyMap<Lane, number>, keepsCounts: boolean) {
  const topics = groupBy(offsets, ([{ topic }]) => topic);
  return Array.from(topics, ([topic, lanes]) => ({
    topic,
    partitions: lanes.map(([lane, offset]) => {
      const metadata = keepsCounts ? lane.metadataAt(offset) : null;
      lane.noteCommit(offset, metadata);
      return { partition: lane.partition, offset, metadata };
    }),
  }));
}
