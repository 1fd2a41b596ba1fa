import type { RedisReply } from '../driver/redis-command.js';

/** Parses a list of alternating names and values, such as the reply of `XINFO STREAM`. */
export function fieldsOf(reply: RedisReply): ReadonlyMap<string, RedisReply> {
  const items = (reply ?? []) as readonly RedisReply[];
  const fields = new Map<string, RedisReply>();
  for (let index = 0; index + 1 < items.length; index += 2) {
    fields.set(String(items[index]), items[index + 1] as RedisReply);
  }
  return fields;
}

/** A number of such a reply; null where Redis does not know it, or is too old to report it. */
export function numberIn(fields: ReadonlyMap<string, RedisReply>, name: string): number | null {
  const value = fields.get(name);
  return value === null || value === undefined ? null : Number(value);
}

/** A text of such a reply; undefined where there is none. */
export function textIn(fields: ReadonlyMap<string, RedisReply>, name: string): string | undefined {
  const value = fields.get(name);
  return value === null || value === undefined ? undefined : String(value);
}
