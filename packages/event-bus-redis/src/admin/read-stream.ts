import { type RedisReply, RedisReplyError } from '../redis-connection.js';
import { type AskRedis, fieldsOf, numberIn, textIn } from './ask-redis.js';

/** What a key holds, as far as this bus is concerned. */
export type StreamState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong-type' }
  /** The user may not look. */
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'stream' } & StreamFacts);

/** What Redis says of a stream. */
export interface StreamFacts {
  readonly stream: string;
  readonly length: number;
  /** The oldest entry that is still there; undefined in an empty stream. */
  readonly firstId: string | undefined;
  readonly lastGeneratedId: string;
  /** Whether this version of Redis counts what groups read. */
  readonly countsReads: boolean;
  readonly groups: readonly GroupFacts[];
}

/** What Redis says of a group. */
export interface GroupFacts {
  readonly groupId: string;
  readonly lastDeliveredId: string;
  /** Entries delivered since the stream began; null when Redis lost count, as after `XGROUP SETID`. */
  readonly entriesRead: number | null;
  /** Null when Redis cannot tell; version 6.2 never does. Counts entries that were trimmed, too. */
  readonly reportedLag: number | null;
  readonly pending: number;
  readonly oldestPendingId: string | undefined;
  /** The next entry for the group; undefined when there is none. */
  readonly nextId: string | undefined;
  readonly members: readonly MemberFacts[];
}

/** What Redis says of a member. */
export interface MemberFacts {
  readonly name: string;
  readonly pending: number;
  /** Since it last asked for something. */
  readonly idleMs: number;
  /** Whether it ever got something; null before version 7.2. */
  readonly hasReceived: boolean | null;
}

/** Reads everything that Redis knows of a stream and its groups. */
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

/** A group that went in the same moment, or a command that the user may not use. */
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
