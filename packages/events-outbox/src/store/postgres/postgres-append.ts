import type { SqlExecutor } from '@openedx-ts/events-sql';
import { chunksOf } from '../chunks-of.js';
import { laneOf, lanesOf } from '../lane-of.js';
import type { OutboxEntry } from '../outbox-entry.js';
import { OutboxEntryError } from '../outbox-entry-error.js';
import type { OutboxTables } from '../outbox-tables.js';
import { eventColumns } from '../row-values.js';
import { runStatement, type StatementOwner } from '../run-statement.js';
import { LANE_LOCKS } from './lane-locks.js';

/** How entries are appended on PostgreSQL. */
export function postgresAppend(
  { pending }: OutboxTables,
  owner: StatementOwner,
): (executor: SqlExecutor, entries: readonly OutboxEntry[]) => Promise<void> {
  const one = appendOne(pending);
  const several = appendSeveral(pending);
  return async (executor, entries) => {
    for (const entry of entries) assertStorable(entry);
    const [first] = entries;
    if (first === undefined) return;
    if (entries.length === 1) return void (await runStatement(executor, owner, one, valuesOf(first)));
    let lanes = lanesOf(entries); // of all chunks: a later chunk must not lock a lower lane
    for (const chunk of chunksOf(entries)) {
      await runStatement(executor, owner, several, [lanes, ...arraysOf(chunk)]);
      lanes = [];
    }
  };
}

/**
 * One entry. The row of the function exists only once its lock is held, and the position is drawn for a row that exists: no
 * plan can draw it before.
 */
function appendOne(pending: string): string {
  return `INSERT INTO ${pending} (lane, ${others.join(', ')})
SELECT CAST(? AS integer), CAST(? AS text), CAST(? AS text), CAST(? AS uuid), CAST(? AS text), CAST(? AS bytea),
  CAST(? AS text), CAST(? AS bytea), CAST(? AS text), CAST(? AS text)
FROM pg_advisory_xact_lock(${LANE_LOCKS}, CAST(? AS integer))`;
}

/**
 * Several entries. The count of the locks is one row, which exists only once all are held; a position is drawn for a row
 * that is joined with it, after the rows were sorted. Arrays are of text, which every library can pass.
 */
function appendSeveral(pending: string): string {
  return `WITH locks AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(${LANE_LOCKS}, lane) FROM unnest(CAST(? AS integer[])) AS lanes (lane)),
locked AS MATERIALIZED (SELECT count(*) AS lanes FROM locks)
INSERT INTO ${pending} (lane, ${others.join(', ')})
SELECT added.lane, added.topic, added.event_type, CAST(added.event_id AS uuid), added.event_key,
  decode(added.key_bytes, 'hex'), added.key_schema, decode(added.record, 'hex'), added.record_schema, added.metadata
FROM locked CROSS JOIN unnest(CAST(? AS integer[])${', CAST(? AS text[])'.repeat(others.length)})
  WITH ORDINALITY AS added (lane, ${others.join(', ')}, place)
WHERE locked.lanes >= 0
ORDER BY added.place`;
}

const others = eventColumns.filter((column) => column !== 'lane');

function valuesOf(entry: OutboxEntry): readonly unknown[] {
  const lane = laneOf(entry.topic, entry.key);
  return [
    lane,
    entry.topic,
    entry.eventType,
    entry.eventId,
    entry.key,
    entry.keyBytes,
    entry.keySchema,
    entry.record,
    entry.recordSchema,
    entry.metadata,
    lane,
  ];
}

function arraysOf(entries: readonly OutboxEntry[]): readonly unknown[] {
  return [
    entries.map(({ topic, key }) => laneOf(topic, key)),
    entries.map(({ topic }) => topic),
    entries.map(({ eventType }) => eventType),
    entries.map(({ eventId }) => eventId),
    entries.map(({ key }) => key),
    entries.map(({ keyBytes }) => hex(keyBytes)),
    entries.map(({ keySchema }) => keySchema),
    entries.map(({ record }) => hex(record)),
    entries.map(({ recordSchema }) => recordSchema),
    entries.map(({ metadata }) => metadata),
  ];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** PostgreSQL stores no U+0000 in text. Found before the first statement, which would end the transaction. */
function assertStorable(entry: OutboxEntry): void {
  for (const field of ['key', 'topic', 'eventType', 'metadata'] as const) {
    if (!entry[field].includes('\0')) continue;
    throw new OutboxEntryError(
      entry,
      `its ${field} contains the character U+0000, which PostgreSQL cannot store as text: send it without`,
    );
  }
}
