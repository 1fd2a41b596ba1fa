import { retryTopic } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { entryIdAfter, parseEntryId } from '../stream/entry-id.js';
import { fieldsOf, textIn } from '../stream/info-reply.js';

/**
 * Creates the stream of redriven dead letters of a group, and the group at its beginning, unless they exist. Nobody else
 * trims that stream: what the group has acknowledged is removed here.
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
  const group = groups.map(fieldsOf).find((fields) => textIn(fields, 'name') === groupId);
  const [, oldestPending] = (await connection.call(['XPENDING', stream, groupId])) as readonly RedisReply[];
  const delivered = parseEntryId(textIn(group ?? new Map(), 'last-delivered-id') ?? '0-0');
  const needed = oldestPending ? String(oldestPending) : delivered && entryIdAfter(delivered);
  if (needed !== undefined) await connection.call(['XTRIM', stream, 'MINID', needed]);
}
