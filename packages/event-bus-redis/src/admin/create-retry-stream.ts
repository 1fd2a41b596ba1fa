import { retryTopic } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { compareEntryIds, entryIdAfter, parseEntryId } from '../stream/entry-id.js';
import { fieldsOf, textIn } from '../stream/info-reply.js';

/**
 * Creates the stream of redriven dead letters of a group, and the group at its beginning, unless they exist. Nobody else
 * trims that stream: what has been acknowledged is removed here, by every group, because two whose names are joined with
 * dots may share it (`orders` with `eu.mail`, and `orders.eu` with `mail`).
 *
 * @throws RedisReplyError, RedisAccessError when Redis refuses it
 * @throws InfrastructureError when Redis is unreachable
 */
export async function createRetryStream(
  connection: RedisConnection,
  fullTopic: string,
  groupId: string,
): Promise<void> {
  const stream = retryTopic(fullTopic, groupId);
  const [reply] = await connection.send([['XGROUP', 'CREATE', stream, groupId, '0', 'MKSTREAM']]);
  if (!(reply instanceof RedisReplyError)) return;
  if (reply.code !== 'BUSYGROUP') throw thrownError(reply);
  const groups = (await connection.call(['XINFO', 'GROUPS', stream])) as readonly RedisReply[];
  const needed = await Promise.all(groups.map((group) => firstNeeded(connection, stream, fieldsOf(group))));
  const [least] = needed.sort(compareEntryIds);
  if (least !== undefined) await connection.call(['XTRIM', stream, 'MINID', least]);
}

/** The oldest entry that a group has not acknowledged, or the place of the next one. */
async function firstNeeded(
  connection: RedisConnection,
  stream: string,
  group: ReadonlyMap<string, RedisReply>,
): Promise<string> {
  const pending = await connection.call(['XPENDING', stream, textIn(group, 'name') ?? '']);
  const [, oldestPending] = pending as readonly RedisReply[];
  if (oldestPending) return String(oldestPending);
  const delivered = parseEntryId(textIn(group, 'last-delivered-id') ?? '');
  return delivered === undefined ? '0-0' : entryIdAfter(delivered);
}
