import type { RedisReply } from './redis-connection.js';

/** Python members make a stream by adding an entry without names and deleting it again; one may be read in between. */
function isPlaceholder(fields: readonly Buffer[]): boolean {
  return fields.every((part) => part.length === 0);
}

/** An entry of a stream as it was delivered. */
export interface StreamEntry {
  readonly id: string;
  /** Names and values in turn. */
  readonly fields: readonly Buffer[];
  /** How often it was delivered, this time included. */
  readonly deliveryCount: number;
}

/** Entries that can be handled, and ids of those that nobody can: trimmed while pending, or placeholders. */
export interface ReadEntries {
  readonly entries: readonly StreamEntry[];
  readonly trimmed: readonly string[];
}

/** Reads the reply of `XREADGROUP`: streams with their entries, or null when there was nothing. */
export function entriesByStream(reply: RedisReply): readonly (readonly [string, ReadEntries])[] {
  const streams = (reply ?? []) as readonly (readonly [Buffer, RedisReply])[];
  return streams.map(([stream, entries]) => [stream.toString(), entriesIn(entries)] as const);
}

/**
 * Reads a list of entries. One that was trimmed while it was pending has no fields: it is in `trimmed`, for nobody can
 * handle it any more.
 */
export function entriesIn(reply: RedisReply): ReadEntries {
  const entries: StreamEntry[] = [];
  const trimmed: string[] = [];
  for (const item of (reply ?? []) as readonly (readonly [Buffer, readonly Buffer[] | null] | null)[]) {
    if (item === null) continue; // trimmed, of those that are claimed, in version 6.2
    const [id, fields] = item;
    if (fields === null || isPlaceholder(fields)) trimmed.push(id.toString());
    else entries.push({ id: id.toString(), fields, deliveryCount: 1 });
  }
  return { entries, trimmed };
}
