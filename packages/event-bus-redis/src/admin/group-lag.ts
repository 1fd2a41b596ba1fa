import type { GroupLag } from '@openedx-ts/events-core/operate';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { compareEntryIds, entryTime } from '../stream/entry-id.js';
import { entryPages } from '../stream/entry-pages.js';
import type { AskRedis } from './ask-redis.js';
import type { GroupFacts, StreamFacts } from './read-stream.js';

/** Maximum number of entries that are counted one by one where Redis does not report a number. */
const COUNT_LIMIT = 100_000;
const PAGE = 1_000;

/** What a lag is worked out from, besides the facts about stream and group. */
export interface LagContext {
  readonly ask: AskRedis;
  /** Without prefix. */
  readonly topic: string;
  /** The time by the clock of Redis. */
  readonly nowMs: number;
  /** Number of entries that producers trim the stream to; `Infinity` for no trimming. */
  readonly maxLength: number;
}

/** Works out the lag of a group: entries still in the stream. Trimmed entries make `distanceToTrim` negative. */
export async function groupLag(
  { ask, topic, nowMs, maxLength }: LagContext,
  stream: StreamFacts,
  group: GroupFacts,
): Promise<GroupLag> {
  const lag = await unreadEntries(ask, stream, group);
  const held = await heldEntries(ask, stream, group);
  const lost = lostUnread(stream, group) + (await lostPending(ask, stream, group));
  return {
    topic,
    groupId: group.groupId,
    lane: stream.stream,
    members: group.members.length,
    length: stream.length,
    lag,
    pending: group.pending,
    oldestAgeMs: oldestAge(group, nowMs),
    distanceToTrim: lost > 0 ? -lost : distance(maxLength, lag, held),
  };
}

async function unreadEntries(ask: AskRedis, stream: StreamFacts, group: GroupFacts): Promise<number | null> {
  const { firstId, length, lastGeneratedId } = stream;
  const { lastDeliveredId, reportedLag } = group;
  if (firstId === undefined || compareEntryIds(lastDeliveredId, lastGeneratedId) >= 0) return 0;
  if (compareEntryIds(lastDeliveredId, firstId) < 0) return length;
  // Before version 7.2.4 the number is wrong after a restart or failover. At least the last delivered entry is read.
  if (reportedLag !== null && reportedLag < length) return reportedLag;
  return countEntries(ask, stream.stream, `(${lastDeliveredId}`, '+');
}

/** Number of entries from the oldest pending one to the last delivered one, including acknowledged ones in between. */
async function heldEntries(ask: AskRedis, stream: StreamFacts, group: GroupFacts): Promise<number | null> {
  const { oldestPendingId, lastDeliveredId } = group;
  if (oldestPendingId === undefined) return 0;
  return countEntries(ask, stream.stream, oldestPendingId, lastDeliveredId);
}

/**
 * Number of entries before the oldest one that were not delivered. The lag of `XINFO GROUPS` does not show it: since
 * version 7.2.6 Redis counts only entries that exist.
 */
function lostUnread(
  { firstId, length, lastGeneratedId, entriesAdded }: StreamFacts,
  group: GroupFacts,
): number {
  const { lastDeliveredId, entriesRead } = group;
  if (entriesAdded === null || entriesRead === null) return 0;
  if (compareEntryIds(lastDeliveredId, lastGeneratedId) >= 0) return 0;
  const isBehindFirst = firstId === undefined || compareEntryIds(lastDeliveredId, firstId) < 0;
  return isBehindFirst ? Math.max(0, entriesAdded - entriesRead - length) : 0;
}

async function lostPending(ask: AskRedis, stream: StreamFacts, group: GroupFacts): Promise<number> {
  const { oldestPendingId, groupId, pending } = group;
  if (oldestPendingId === undefined) return 0;
  if (stream.firstId === undefined) return pending;
  if (compareEntryIds(oldestPendingId, stream.firstId) >= 0) return 0;
  const [gone] = await ask(['XPENDING', stream.stream, groupId, '-', `(${stream.firstId}`, String(PAGE)]);
  return Array.isArray(gone) ? gone.length : 0;
}

function oldestAge({ oldestPendingId, nextId }: GroupFacts, nowMs: number): number | null {
  const oldest = oldestPendingId ?? nextId;
  if (oldest === undefined) return 0;
  const addedAt = entryTime(oldest);
  return addedAt === null ? null : Math.max(0, nowMs - addedAt);
}

function distance(maxLength: number, lag: number | null, held: number | null): number | null {
  if (maxLength === Infinity || lag === null || held === null) return null;
  return Math.max(0, maxLength - lag - held);
}

async function countEntries(ask: AskRedis, stream: string, from: string, to: string): Promise<number | null> {
  let count = 0;
  try {
    for await (const page of entryPages(callBy(ask), stream, from, to)) {
      count += page.length;
      if (count >= COUNT_LIMIT) return null;
    }
    return count;
  } catch (error) {
    if (error instanceof RedisReplyError) return null;
    throw error;
  }
}

function callBy(ask: AskRedis) {
  return async (command: RedisCommand): Promise<RedisReply> => {
    const [reply] = await ask(command);
    if (reply instanceof RedisReplyError) throw reply;
    return reply ?? null;
  };
}
