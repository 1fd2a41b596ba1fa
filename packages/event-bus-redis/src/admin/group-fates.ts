import type { GroupFate } from '@openedx-ts/events-core/operate';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import { compareEntryIds } from '../stream/entry-id.js';
import { fieldsOf, textIn } from '../stream/info-reply.js';

/** What became of an entry in each group of its stream; the stream must exist. */
export async function groupFates(
  call: (command: RedisCommand) => Promise<RedisReply>,
  stream: string,
  id: string,
): Promise<readonly GroupFate[]> {
  const groups = ((await call(['XINFO', 'GROUPS', stream])) as readonly RedisReply[]).map(fieldsOf);
  const fates: GroupFate[] = [];
  for (const group of groups) {
    const groupId = textIn(group, 'name') ?? '';
    if (compareEntryIds(textIn(group, 'last-delivered-id') ?? '0-0', id) < 0) {
      fates.push({ groupId, state: 'waiting', deliveries: 0 });
      continue;
    }
    const [pending] = (await call(['XPENDING', stream, groupId, id, id, '1'])) as readonly RedisReply[];
    const deliveries = Array.isArray(pending) ? Number(pending[3]) : null;
    fates.push({ groupId, state: deliveries === null ? 'passed' : 'in flight', deliveries });
  }
  return fates.sort((one, other) => (one.groupId < other.groupId ? -1 : 1));
}
