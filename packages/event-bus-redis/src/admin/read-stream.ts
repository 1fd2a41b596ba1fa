import type { RedisReply } from '../driver/redis-command.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { fieldsOf, numberIn, textIn } from '../stream/info-reply.js';
import type { AskRedis } from './ask-redis.js';

/** What a key holds. */
export type StreamState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong-type' }
  /** The user lacks permissions. */
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'stream' } & StreamFacts);

/** The facts that Redis reports about a stream. */
export interface StreamFacts {
  readonly stream: string;
  readonly length: number;
  /** The oldest entry; undefined in an empty stream. */
  readonly firstId: string | undefined;
  readonly lastGeneratedId: string;
  /** Number of entries that were ever added; null in Redis 6.2. */
  readonly entriesAdded: number | null;
  /** Whether this version of Redis reports `entriesRead`. */
  readonly countsReads: boolean;
  readonly groups: readonly GroupFacts[];
}

/** The facts that Redis reports about a group. */
export interface GroupFacts {
  readonly groupId: string;
  readonly lastDeliveredId: string;
  /** Number of entries delivered since the stream was created; null when unknown, as after `XGROUP SETID`. */
  readonly entriesRead: number | null;
  /** The lag by the count of Redis, with trimmed entries in some versions; null when Redis does not know it, as in 6.2. */
  readonly reportedLag: number | null;
  readonly pending: number;
  readonly oldestPendingId: string | undefined;
  /** The next entry for the group; undefined when there is none. */
  readonly nextId: string | undefined;
  readonly members: readonly MemberFacts[];
}

/** The facts that Redis reports about a member. */
export interface MemberFacts {
  readonly name: string;
  readonly pending: number;
  /** Milliseconds since its last command. */
  readonly idleMs: number;
  /** Whether entries were ever delivered to it; null before version 7.2. */
  readonly hasReceived: boolean | null;
}

/** Reads the facts about a stream and its groups. */
export async function readStream(ask: AskRedis, stream: string): Promise<StreamState> {
  const [about, groups] = await ask(['XINFO', 'STREAM', stream], ['XINFO', 'GROUPS', stream]);
  if (about instanceof RedisReplyError) return stateOfRefusal(about);
  if (groups instanceof RedisReplyError) return stateOfRefusal(groups);
  const fields = fieldsOf(about as RedisReply);
  const first = fields.get('first-entry') as readonly [RedisReply] | null | undefined;
  const list = (groups as readonly RedisReply[]).map(fieldsOf);
  return {
    kind: 'stream',
    stream,
    length: numberIn(fields, 'length') ?? 0,
    firstId: first ? String(first[0]) : undefined,
    lastGeneratedId: textIn(fields, 'last-generated-id') ?? '0-0',
    entriesAdded: numberIn(fields, 'entries-added'),
    countsReads: list.some((group) => group.has('entries-read')),
    groups: await readGroups(ask, stream, list),
  };
}

function stateOfRefusal(error: RedisReplyError): StreamState {
  if (error.code === 'WRONGTYPE') return { kind: 'wrong-type' };
  if (/no such key/i.test(error.message)) return { kind: 'missing' };
  return { kind: 'refused', reason: error.message };
}

async function readGroups(
  ask: AskRedis,
  stream: string,
  groups: readonly ReadonlyMap<string, RedisReply>[],
): Promise<readonly GroupFacts[]> {
  if (groups.length === 0) return [];
  const questions = groups.flatMap((fields) => {
    const groupId = textIn(fields, 'name') as string;
    return [
      ['XINFO', 'CONSUMERS', stream, groupId],
      ['XPENDING', stream, groupId],
      ['XRANGE', stream, `(${textIn(fields, 'last-delivered-id')}`, '+', 'COUNT', '1'],
    ];
  });
  const answers = await ask(...questions);
  return groups.map((fields, index) => {
    const [members, pending, next] = answers.slice(index * 3, index * 3 + 3).map(orNothing);
    const [, oldestPendingId] = (pending ?? []) as readonly [number?, RedisReply?];
    const [nextEntry] = (next ?? []) as readonly (readonly [Buffer])[];
    return {
      groupId: textIn(fields, 'name') as string,
      lastDeliveredId: textIn(fields, 'last-delivered-id') as string,
      entriesRead: numberIn(fields, 'entries-read'),
      reportedLag: numberIn(fields, 'lag'),
      pending: numberIn(fields, 'pending') ?? 0,
      oldestPendingId: oldestPendingId ? String(oldestPendingId) : undefined,
      nextId: nextEntry === undefined ? undefined : String(nextEntry[0]),
      members: ((members ?? []) as readonly RedisReply[]).map(memberOf),
    };
  });
}

/** Null for a refusal: the group was deleted just now, or the user may not run the command. */
function orNothing(answer: RedisReply | RedisReplyError): RedisReply {
  return answer instanceof RedisReplyError ? null : answer;
}

function memberOf(reply: RedisReply): MemberFacts {
  const fields = fieldsOf(reply);
  const inactive = numberIn(fields, 'inactive');
  return {
    name: textIn(fields, 'name') ?? '',
    pending: numberIn(fields, 'pending') ?? 0,
    idleMs: numberIn(fields, 'idle') ?? 0,
    hasReceived: inactive === null ? null : inactive >= 0,
  };
}
