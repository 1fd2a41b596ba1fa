import type { RedisReply } from '../driver/redis-command.js';

/** Python members create a stream by adding an entry with an empty field and deleting it again; it may be read in between. */
function isPlaceholder(fields: readonly Buffer[]): boolean {
  return fields.every((part) => part.length === 0);
}

/** An entry of a stream as it was delivered. */
export interface StreamEntry {
  readonly id: string;
  /** Alternating names and values. */
  readonly fields: readonly Buffer[];
  /** How often the entry was delivered, this delivery included. */
  readonly deliveryCount: number;
}

/** The size of entries in bytes. */
export function entryBytes(entries: readonly StreamEntry[]): number {
  let bytes = 0;
  for (const { fields } of entries) for (const field of fields) bytes += field.byteLength;
  return bytes;
}

/** Entries that hold an event, and the ids of entries that hold none: trimmed while pending, or placeholders. */
export interface ReadEntries {
  readonly entries: readonly StreamEntry[];
  readonly trimmed: readonly string[];
}

/** Parses the reply of `XREADGROUP`: streams with their entries, or null when there were no new entries. */
export function entriesByStream(reply: RedisReply): readonly (readonly [string, ReadEntries])[] {
  const streams = (reply ?? []) as readonly (readonly [Buffer, RedisReply])[];
  return streams.map(([stream, entries]) => [stream.toString(), entriesIn(entries)] as const);
}

/** Parses a list of entries. An entry that was trimmed while it was pending has no fields: its id is in `trimmed`. */
export function entriesIn(reply: RedisReply): ReadEntries {
  const entries: StreamEntry[] = [];
  const trimmed: string[] = [];
  for (const item of (reply ?? []) as readonly (readonly [Buffer, readonly Buffer[] | null] | null)[]) {
    if (item === null) continue; // XCLAIM of Redis 6.2 returns null for an entry that was trimmed
    const [id, fields] = item;
    if (fields === null || isPlaceholder(fields)) trimmed.push(id.toString());
    else entries.push({ id: id.toString(), fields, deliveryCount: 1 });
  }
  return { entries, trimmed };
}
