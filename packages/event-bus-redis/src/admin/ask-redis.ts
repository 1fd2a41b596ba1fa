import type { RedisCommand, RedisReply, RedisReplyError } from '../redis-connection.js';

/**
 * Asks Redis several things at once; each answer is a reply or a refusal.
 *
 * @throws InfrastructureError when there is no connection, or no answer in time
 */
export type AskRedis = (
  ...commands: readonly RedisCommand[]
) => Promise<readonly (RedisReply | RedisReplyError)[]>;

/** Reads a list of names and values in turn, as most of `XINFO` answers. */
export function fieldsOf(reply: RedisReply): ReadonlyMap<string, RedisReply> {
  const items = (reply ?? []) as readonly RedisReply[];
  const fields = new Map<string, RedisReply>();
  for (let index = 0; index + 1 < items.length; index += 2) {
    fields.set(String(items[index]), items[index + 1] as RedisReply);
  }
  return fields;
}

/** A number in an answer; null where Redis says nothing, or is too old to say it. */
export function numberIn(fields: ReadonlyMap<string, RedisReply>, name: string): number | null {
  const value = fields.get(name);
  return value === null || value === undefined ? null : Number(value);
}

/** A text in an answer; undefined where there is none. */
export function textIn(fields: ReadonlyMap<string, RedisReply>, name: string): string | undefined {
  const value = fields.get(name);
  return value === null || value === undefined ? undefined : String(value);
}
