import { AssignerProtocol } from './kafkajs.js';
import { ProtocolReader } from './protocol/protocol-reader.js';

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

/** Decodes the topics that a member subscribes to, each once; none when they cannot be decoded: others may write anything. */
export function decodeSubscription(metadata: Buffer): readonly string[] {
  return [...new Set(decoded(metadata, (reader) => reader.array(() => reader.string())))];
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

/** Decodes the partitions of a member; empty when there are more members than partitions, undefined for other bytes. */
export function decodeAssignment(bytes: Buffer): Assignment | undefined {
  if (bytes.length === 0) return new Map();
  const topics = decoded(bytes, (reader) =>
    reader.array(() => [reader.string(), reader.array(() => reader.int32())] as const),
  );
  if (topics === undefined) return undefined;
  const assignment = new Map<string, number[]>();
  for (const [topic, partitions] of topics) {
    assignment.set(topic, [...new Set([...(assignment.get(topic) ?? []), ...partitions])]);
  }
  return assignment;
}

/** Reads what follows the version; undefined when the bytes are too short. */
function decoded<T>(bytes: Buffer, read: (reader: ProtocolReader) => T): T | undefined {
  try {
    const reader = new ProtocolReader(bytes, false);
    reader.int16(); // the version: later ones only add fields at the end
    return read(reader);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
