import { problemFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { leaseKey } from '../lease/lease-key.js';
import { leaseProblemIn, lookCommands } from '../lease/lease-problem.js';
import type { RedisView } from './redis-view.js';

/** Reports a lease key that keeps every member of a group with `singleActive` from processing a stream. */
export async function leaseFindings(
  { ask, connection }: Pick<RedisView, 'ask' | 'connection'>,
  topic: string,
  stream: string,
  groupId: string,
): Promise<readonly Finding[]> {
  const key = leaseKey(connection, stream, groupId);
  const [type, ttlMs, holder] = await ask(...lookCommands(key));
  // The value of a key of another type is refused; so is what the user may not read.
  if (type instanceof RedisReplyError || ttlMs instanceof RedisReplyError) return [];
  if (holder instanceof RedisReplyError && holder.code !== 'WRONGTYPE') return [];
  const value = holder instanceof RedisReplyError ? undefined : holder;
  const problem = leaseProblemIn(key, [type, ttlMs, value], DEFAULT_LEASE_MS);
  if (problem === undefined) return [];
  return [
    problemFinding(
      `group ${groupId} on ${topic}`,
      problem,
      'until then its members with singleActive stand by, and none processes the stream',
    ),
  ];
}

/** Members may have another `leaseMs`: only what no member can have set is reported. */
const DEFAULT_LEASE_MS = 15_000;
