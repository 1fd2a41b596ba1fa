import { AssignerProtocol } from 'kafkajs';

/** Partitions by topic. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

/**
 * The assignment protocols that members offer: those of librdkafka, in its order, so that Python services can be members
 * of the same group. The leader assigns partitions as it likes; both names only mean that members release all partitions
 * before they join again.
 */
export const groupProtocolNames = ['range', 'roundrobin'] as const;

/** Encodes the topics that a member subscribes to, for its JoinGroup request. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  return AssignerProtocol.MemberMetadata.encode({
    version: 0,
    topics: [...topics],
    userData: Buffer.alloc(0),
  });
}

/** Decodes the topics that a member subscribes to; none when the metadata are not those of a consumer. */
export function decodeSubscription(metadata: Buffer): readonly string[] {
  return AssignerProtocol.MemberMetadata.decode(metadata)?.topics ?? [];
}

/** Encodes the partitions of a member, which the leader sends. */
export function encodeAssignment(assignment: Assignment): Buffer {
  const partitions = Object.fromEntries(Array.from(assignment, ([topic, ids]) => [topic, [...ids]]));
  return AssignerProtocol.MemberAssignment.encode({
    version: 0,
    assignment: partitions,
    userData: Buffer.alloc(0),
  });
}

/** Decodes the partitions of a member; empty when there are more members than partitions. */
export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length === 0) return new Map();
  return new Map(Object.entries(AssignerProtocol.MemberAssignment.decode(bytes)?.assignment ?? {}));
}
