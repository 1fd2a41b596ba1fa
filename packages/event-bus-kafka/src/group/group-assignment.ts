import { AssignerProtocol } from 'kafkajs';

/** Partitions by topic. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

/**
 * The names under which members offer to assign partitions: librdkafka's, in its order, so that Python services and
 * these can be members of one group. The leader may share out as it likes; the names only say that members give up
 * everything before they join again.
 */
export const groupProtocolNames = ['range', 'roundrobin'] as const;

/** What a member says when it joins: which topics it reads. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  return AssignerProtocol.MemberMetadata.encode({
    version: 0,
    topics: [...topics],
    userData: Buffer.alloc(0),
  });
}

/** Which topics a member reads; none when it does not say so in the way of consumers. */
export function decodeSubscription(metadata: Buffer): readonly string[] {
  return AssignerProtocol.MemberMetadata.decode(metadata)?.topics ?? [];
}

/** What the leader sends for a member. */
export function encodeAssignment(assignment: Assignment): Buffer {
  const partitions = Object.fromEntries(Array.from(assignment, ([topic, ids]) => [topic, [...ids]]));
  return AssignerProtocol.MemberAssignment.encode({
    version: 0,
    assignment: partitions,
    userData: Buffer.alloc(0),
  });
}

/** What a member is to read; empty when there is not enough for all. */
export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length === 0) return new Map();
  return new Map(Object.entries(AssignerProtocol.MemberAssignment.decode(bytes)?.assignment ?? {}));
}

/**
 * Shares out partitions evenly: all of all topics in turn to the members that read the topic, always the one that has
 * fewest. Members in the order of their ids, so that the same group is shared out in the same way again.
 */
export function assignPartitions(
  members: readonly { readonly memberId: string; readonly topics: readonly string[] }[],
  partitionsOf: (topic: string) => readonly number[],
): ReadonlyMap<string, Assignment> {
  const shares = [...members]
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .map(({ memberId, topics }) => ({ memberId, topics, count: 0, assignment: new Map<string, number[]>() }));
  const allTopics = [...new Set(members.flatMap(({ topics }) => topics))].sort();
  for (const topic of allTopics) {
    for (const partition of [...partitionsOf(topic)].sort((a, b) => a - b)) {
      const readers = shares.filter(({ topics }) => topics.includes(topic));
      const least = readers.reduce((a, b) => (b.count < a.count ? b : a));
      least.count += 1;
      const partitions = least.assignment.get(topic);
      if (partitions === undefined) least.assignment.set(topic, [partition]);
      else partitions.push(partition);
    }
  }
  return new Map(shares.map(({ memberId, assignment }) => [memberId, assignment]));
}
