import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { compareEntryIds } from '../stream/entry-id.js';
import { fieldsOf, numberIn, textIn } from '../stream/info-reply.js';

/** The position of a group in its stream. Null: Redis 6.2 does not report it. */
export interface GroupPosition {
  readonly length: number;
  /** Undefined in an empty stream. */
  readonly firstId: string | undefined;
  readonly lastGeneratedId: string;
  /** Number of entries that were ever added. */
  readonly entriesAdded: number | null;
  /** The newest entry that was deleted by XDEL; trimmed entries do not count. */
  readonly maxDeletedId: string | null;
  readonly lastDeliveredId: string;
  /** Number of entries delivered to the group; also null after `XGROUP SETID`, when Redis does not know it any more. */
  readonly entriesRead: number | null;
  /** Whether this version of Redis reports `entriesRead`. */
  readonly countsReads: boolean;
  readonly pending: number;
  readonly oldestPendingId: string | undefined;
  readonly consumers: number;
}

/**
 * Reads the position of a group; undefined when there is no such group. The group is read before the stream, so that
 * entries that are added or trimmed in between do not look like lost ones.
 *
 * @throws InfrastructureError when Redis is unreachable or not ready, RedisAccessError when the user lacks permissions
 */
export async function readGroupPosition(
  connection: RedisConnection,
  stream: string,
  groupId: string,
): Promise<GroupPosition | undefined> {
  const commands = [
    ['XINFO', 'GROUPS', stream],
    ['XINFO', 'STREAM', stream],
    ['XPENDING', stream, groupId],
  ];
  const [groups, about, pending] = await connection.send(commands);
  for (const reply of [groups, about, pending]) {
    if (!(reply instanceof RedisReplyError)) continue;
    if (reply.code === 'NOGROUP' || /no such key/i.test(reply.message)) return undefined;
    throw thrownError(reply);
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

/** Number of entries in the stream that were not delivered to the group; null where the position alone does not show it. */
export function unreadEntries(position: GroupPosition): number | null {
  const { firstId, lastDeliveredId, lastGeneratedId, length } = position;
  if (firstId === undefined || compareEntryIds(lastDeliveredId, lastGeneratedId) >= 0) return 0;
  return compareEntryIds(lastDeliveredId, firstId) < 0 ? length : null;
}

/** Whether no entry of the stream was delivered to the group, although entries were added after its position. */
export function isBehindFirst({ firstId, lastDeliveredId, lastGeneratedId }: GroupPosition): boolean {
  if (compareEntryIds(lastDeliveredId, lastGeneratedId) >= 0) return false;
  return firstId === undefined || compareEntryIds(lastDeliveredId, firstId) < 0;
}
