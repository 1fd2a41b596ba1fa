import { isDeadLetterTopic, runtime } from '@openedx-ts/events-core/bus';
import type { ClusterReader } from './cluster-reader.js';
import type { GroupCommits } from './group-commits.js';
import { RemovedOffsets } from './removed-offsets.js';

/** What `DeadLetterMarks` works with. */
export interface DeadLetterMarksOptions {
  readonly cluster: ClusterReader;
  readonly commits: GroupCommits;
  /** The group in whose commits the marks are: `<prefix->openedx-events-dlq`. */
  readonly groupId: string;
}

/** Reads which dead letters were removed. Kafka cannot delete single records: commits of a group remember them. */
export class DeadLetterMarks {
  readonly #options: DeadLetterMarksOptions;

  constructor(options: DeadLetterMarksOptions) {
    this.#options = options;
  }

  /** What was removed, by partition; on topics of events nothing is. */
  async removed(
    fullTopic: string,
    partitions: readonly number[],
    ends: ReadonlyMap<number, number>,
  ): Promise<ReadonlyMap<number, RemovedOffsets>> {
    if (!isDeadLetterTopic(fullTopic)) return new Map();
    const { cluster, commits, groupId } = this.#options;
    const committed = await commits.committed(groupId, fullTopic, partitions);
    const topicId = (await cluster.driver()).topicIdOf(fullTopic);
    const removed = Array.from(
      committed,
      ([partition, commit]) => [partition, RemovedOffsets.of(commit, ends.get(partition), topicId)] as const,
    );
    const foreign = removed.filter(([, { isForeign }]) => isForeign).map(([partition]) => partition);
    if (foreign.length > 0)
      runtime().logger.warn(
        { topic: fullTopic, partitions: foreign, groupId },
        'Marks of removed dead letters name offsets that were never stored, and are ignored: removed dead letters may ' +
          'appear again. Find out who commits offsets of that group, or whether the topic was created anew.',
      );
    return new Map(removed);
  }
}
