import type { Assignment } from '../driver/consumer-protocol.js';

/** What of an assignment this member can read, and what is wrong with the rest; undefined for nothing. */
export interface OwnAssignment {
  readonly assignment: Assignment;
  readonly problem: string | undefined;
}

/**
 * Leaves out what this member cannot read: topics that it did not subscribe to, and partitions that do not exist. The
 * leader of the group may be another program, and wrong.
 *
 * @param assigned undefined for bytes that cannot be decoded
 */
export function ownAssignment(
  assigned: Assignment | undefined,
  fullTopics: readonly string[],
  partitionsOf: (fullTopic: string) => readonly { readonly partition: number }[],
): OwnAssignment {
  const own = new Map<string, readonly number[]>();
  if (assigned === undefined) return { assignment: own, problem: `${LEADER} in a form that cannot be read` };
  const others: string[] = [];
  for (const [fullTopic, partitions] of assigned) {
    const existing = new Set(
      fullTopics.includes(fullTopic) ? partitionsOf(fullTopic).map(({ partition }) => partition) : [],
    );
    const readable = partitions.filter((partition) => existing.has(partition));
    if (readable.length > 0) own.set(fullTopic, readable);
    const rest = partitions.length - readable.length;
    if (rest > 0) others.push(`${fullTopic.slice(0, 249)} (${rest} of ${partitions.length})`);
  }
  if (others.length === 0) return { assignment: own, problem: undefined };
  const shown = others.slice(0, 5).join(', ');
  return { assignment: own, problem: `${LEADER} that do not exist or were not asked for: ${shown}` };
}

const LEADER = 'the leader of the group assigns partitions';
