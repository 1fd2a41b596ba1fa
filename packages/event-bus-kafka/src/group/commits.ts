import { kafkaErrorType } from '../kafka-error.js';
import type { DriverMember } from './driver.js';
import type { GroupCluster } from './group-cluster.js';
import type { Lane } from './lane.js';

export interface CommitsOptions {
  readonly cluster: GroupCluster;
  /** Who we are in the group right now; undefined while we are not in it. */
  readonly member: () => DriverMember | undefined;
  /** Called when the group says that we are not in it any more. */
  readonly onExpelled: () => void;
}

/**
 * Commits how far lanes have come. What comes while a request is on its way goes together into the next one. The group
 * refuses requests of former members and generations, so that nobody's progress is overwritten.
 */
export class Commits {
  readonly #options: CommitsOptions;
  #waiting = new Map<Lane, number>();
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the group's position is at or behind an offset, and also when the lane is not ours any more.
   *
   * @throws InfrastructureError when the coordinator could not be asked
   */
  commit(lane: Lane, offset: number): Promise<void> {
    this.#waiting.set(lane, offset);
    this.#next ??= this.#running.then(() => this.#send());
    return this.#next;
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
    const { cluster, member: memberNow, onExpelled } = this.#options;
    const member = memberNow();
    if (member === undefined) return;
    const topics = byTopic(offsets);
    for (const [lane, offset] of offsets) lane.noteCommit(offset);
    try {
      await cluster.askCoordinator('offsets cannot be committed', (broker) =>
        broker.offsetCommit({ ...member, topics }),
      );
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type === 'ILLEGAL_GENERATION' || type === 'UNKNOWN_MEMBER_ID') {
        onExpelled();
        return;
      }
      throw error;
    }
  }
}

function byTopic(offsets: ReadonlyMap<Lane, number>) {
  const topics = new Map<string, { readonly partition: number; readonly offset: string }[]>();
  for (const [{ topic, partition }, offset] of offsets) {
    const partitions = topics.get(topic);
    const entry = { partition, offset: String(offset) };
    if (partitions === undefined) topics.set(topic, [entry]);
    else partitions.push(entry);
  }
  return Array.from(topics, ([topic, partitions]) => ({ topic, partitions }));
}
