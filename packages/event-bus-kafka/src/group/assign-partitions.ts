import type { Assignment } from '../driver/consumer-protocol.js';

/**
 * Assigns partitions evenly: those of all topics one after the other, each to the member with the fewest partitions that
 * reads the topic. Members are in the order of their ids, so that the same group gets the same assignment again.
 */
export function assignPartitions(
  members: readonly { readonly memberId: string; readonly topics: readonly string[] }[],
  partitionsOf: (fullTopic: string) => readonly number[],
): ReadonlyMap<string, Assignment> {
  const assigned = [...members]
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .map(({ memberId, topics }) => ({ memberId, topics, count: 0, assignment: new Map<string, number[]>() }));
  const allTopics = [...new Set(members.flatMap(({ topics }) => topics))].sort();
  for (const fullTopic of allTopics) {
    for (const partition of [...partitionsOf(fullTopic)].sort((a, b) => a - b)) {
      const readers = assigned.filter(({ topics }) => topics.includes(fullTopic));
      const least = readers.reduce((a, b) => (b.count < a.count ? b : a));
      least.count += 1;
      const partitions = least.assignment.get(fullTopic);
      if (partitions === undefined) least.assignment.set(fullTopic, [partition]);
      else partitions.push(partition);
    }
  }
  return new Map(assigned.map(({ memberId, assignment }) => [memberId, assignment]));
}
