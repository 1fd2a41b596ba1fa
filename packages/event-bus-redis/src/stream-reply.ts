import type { RedisReply } from './redis-connection.js';

/** An entry of a stream as it was delivered. */
export interface StreamEntry {
  readonly id: string;
  /** Names and values in turn. */
  readonly fields: readonly Buffer[];
  /** How often it was delivered, this time included. */
  readonly deliveryCount: number;
}

/** Reads the reply of `XREADGROUP`: streams with their entries, or null when there was nothing. */
export function entriesByStream(reply: RedisReply): readonly (readonly [string, readonly StreamEntry[]])[] {
  const streams = (reply ?? []) as readonly (readonly [Buffer, RedisReply])[];
  return streams.map(([stream, entries]) => [stream.toString(), entriesIn(entries).entries] as const);
}

/**
 * Reads a list of entries. One that was trimmed while it was pending has no fields: it is in `trimmed`, for nobody can
 * handle it any more.
 */
export function entriesIn(reply: RedisReply): {
  readonly entries: readonly StreamEntry[];
  readonly trimmed: readonly string[];
} {
  const entries: StreamEntry[] = [];
  const trimmed: string[] = [];
  for (const item of (reply ?? []) as readonly (readonly [Buffer, readonly Buffer[] | null] | null)[]) {
    if (item === null) continue; // Redis 6.2 says so of a trimmed entry that was claimed
    const [id, fields] = item;
    if (fields === null || fields.length === 0) trimmed.push(id.toString());
    else entries.push({ id: id.toString(), fields, deliveryCount: 1 });
  }
  return { entries, trimmed };
}
