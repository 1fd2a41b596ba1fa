import { fieldsOf, numberIn, textIn } from '../admin/ask-redis.js';
import { compareEntryIds } from '../admin/entry-id.js';
import {
  asInfrastructure,
  type RedisConnection,
  type RedisReply,
  RedisReplyError,
} from '../redis-connection.js';

/** Where a group stands in its stream. What Redis 6.2 does not tell is null. */
export interface GroupPosition {
  readonly length: number;
  /** Undefined in an empty stream. */
  readonly firstId: string | undefined;
  readonly lastGeneratedId: string;
  /** Entries that were ever added. */
  readonly entriesAdded: number | null;
  /** The newest entry that was deleted one by one; trimmed ones do not count. */
  readonly maxDeletedId: string | null;
  readonly lastDeliveredId: string;
  /** Entries that the group got; null, too, when Redis has lost count, as after `XGROUP SETID`. */
  readonly entriesRead: number | null;
  /** Whether this version of Redis counts what groups read. */
  readonly countsReads: boolean;
  readonly pending: number;
  readonly oldestPendingId: string | undefined;
  readonly consumers: number;
}

/**
 * Reads where a group stands; undefined when there is no such group. The group is read before the stream, so that entries
 * which are added or trimmed in between are not taken for lost.
 *
 * @throws InfrastructureError when Redis cannot tell right now, RedisAccessError when this user may not know
 */
export async function readGroupPosition(
  connection: RedisConnection,
  stream: string,
  groupId: string,
  deadlineMs: number,
): Promise<GroupPosition | undefined> {
  const commands = [
    ['XINFO', 'GROUPS', stream],
    ['XINFO', 'STREAM', stream],
    ['XPENDING', stream, groupId],
  ];
  const [groups, about, pending] = await connection.send(commands, deadlineMs);
  for (const reply of [groups, about, pending]) {
    if (!(reply instanceof RedisReplyError)) continue;
    if (reply.code === 'NOGROUP' || /no such key/i.test(reply.message)) return undefined;
    throw asInfrastructure(reply);
  }
  const group = ((groups ?? []) as readonly RedisReply[])
    .map(fieldsOf)
    .find((fields) => textIn(fields, 'name') === groupId);
  if (group === undefined) return undefined;
  const fields = fieldsOf(about as RedisReply);
  const first = fields.get('first-entry') as readonly [RedisReply] | null | undefined;
  const [, oldestPendingId] = (pending ?? []) as readonly [number?, RedisReply?];
  return {
    length: numberIn(fields, 'length') ?? 0,
    firstId: first ? String(first[0]) : undefined,
    lastGeneratedId: textIn(fields, 'last-generated-id') ?? '0-0',
    entriesAdded: numberIn(fields, 'entries-added'),
    maxDeletedId: textIn(fields, 'max-deleted-entry-id') ?? null,
    lastDeliveredId: textIn(group, 'last-delivered-id') ?? '0-0',
    entriesRead: numberIn(group, 'entries-read'),
    countsReads: group.has('entries-read'),
    pending: numberIn(group, 'pending') ?? 0,
    oldestPendingId: oldestPendingId ? String(oldestPendingId) : undefined,
    consumers: numberIn(group, 'consumers') ?? 0,
  };
}

/** Entries that the group has not got and that are still there; null where that cannot be told from a position alone. */
export function unreadEntries(position: GroupPosition): number | null {
  const { firstId, lastDeliveredId, lastGeneratedId, length } = position;
  if (firstId === undefined || compareEntryIds(lastDeliveredId, lastGeneratedId) >= 0) return 0;
  return compareEntryIds(lastDeliveredId, firstId) < 0 ? length : null;
}

/** Whether the group has got nothing of what the stream holds, although something was added behind what it got. */
export function isBehindFirst({ firstId, lastDeliveredId, lastGeneratedId }: GroupPosition): boolean {
  if (compareEntryIds(lastDeliveredId, lastGeneratedId) >= 0) return false;
  return firstId === undefined || compareEntryIds(lastDeliveredId, firstId) < 0;
}
