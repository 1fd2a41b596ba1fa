import { byLeader } from './by-leader.js';
import type { Connections } from './connections.js';
import { deleteRecordsError } from './delete-records-error.js';
import { LeaderlessError } from './leaderless-error.js';
import type { TopicMetadata } from './protocol/metadata.js';

/**
 * Has the leaders of partitions delete the records that lie before an offset.
 *
 * @param before offsets by partition
 * @throws LeaderlessError when one of them has no leader; then nothing is deleted
 */
export async function deleteRecords(
  connections: Connections,
  { topic, partitions: metadata }: Pick<TopicMetadata, 'topic' | 'partitions'>,
  before: ReadonlyMap<number, number>,
): Promise<void> {
  const doing = `records of topic ${topic} cannot be deleted`;
  const { led, leaderless } = byLeader(metadata, [...before.keys()]);
  for (const partition of leaderless) throw new LeaderlessError(topic, partition);
  await Promise.all(
    Array.from(led, async ([nodeId, ofNode]) => {
      const leader = await connections.broker(nodeId, doing);
      const partitions = ofNode.map((partition) => ({ partition, offset: String(before.get(partition)) }));
      return connections.askBroker(leader, doing, () =>
        leader.deleteRecords({ topics: [{ topic, partitions }] }).catch((error) => {
          throw deleteRecordsError(error);
        }),
      );
    }),
  );
}
