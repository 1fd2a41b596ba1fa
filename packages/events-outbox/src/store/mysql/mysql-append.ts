import type { SqlExecutor } from '@openedx-ts/events-sql';
import { chunksOf } from '../chunks-of.js';
import { laneOf, lanesOf } from '../lane-of.js';
import type { OutboxEntry } from '../outbox-entry.js';
import { OutboxEntryError } from '../outbox-entry-error.js';
import type { OutboxTables } from '../outbox-tables.js';
import { eventColumns } from '../row-values.js';
import { marks, runStatement, type StatementOwner } from '../run-statement.js';
import { lockLanes } from './lock-lanes.js';

/** How entries are appended on MySQL and MariaDB: one statement for the locks, one for each chunk of rows. */
export function mysqlAppend(
  tables: OutboxTables,
  owner: StatementOwner,
): (executor: SqlExecutor, entries: readonly OutboxEntry[]) => Promise<void> {
  const row = `(${marks(eventColumns)})`;
  const insert = `INSERT INTO ${tables.pending} (${eventColumns.join(', ')}) VALUES `;
  return async (executor, entries) => {
    for (const entry of entries) assertStorable(entry);
    if (entries.length === 0) return;
    const maxBytes = await lockLanes(executor, tables, owner, lanesOf(entries));
    for (const entry of entries) assertFits(entry, maxBytes);
    for (const chunk of chunksOf(entries, Math.min(CHUNK_BYTES, maxBytes * CHUNK_SHARE))) {
      const rows = chunk.map(() => row).join(', ');
      await runStatement(executor, owner, insert + rows, chunk.flatMap(valuesOf));
    }
  };
}

/** Bytes are sent in hexadecimal, and MariaDB accepts statements of 16 MiB (`max_allowed_packet`) unless it is configured. */
const CHUNK_BYTES = 6 * 1_024 * 1_024;
/** The part of `max_allowed_packet` that a chunk may have before it is written as text. */
const CHUNK_SHARE = 0.375;

function valuesOf(entry: OutboxEntry): readonly unknown[] {
  return [
    entry.topic,
    laneOf(entry.topic, entry.key),
    entry.eventType,
    entry.eventId,
    entry.key,
    entry.keyBytes,
    entry.keySchema,
    entry.record,
    entry.recordSchema,
    entry.metadata,
  ];
}

/** The server would close the connection, which looks as if it were unreachable. */
function assertFits(entry: OutboxEntry, maxBytes: number): void {
  const { record, keyBytes, key, metadata } = entry;
  const bytes = 2 * (record.length + keyBytes.length) + Buffer.byteLength(key) + Buffer.byteLength(metadata);
  if (bytes < maxBytes) return;
  const reason = `it takes ${bytes} bytes in a statement, and max_allowed_packet of the database is ${maxBytes}: raise that, or send less data`;
  throw new OutboxEntryError(entry, reason);
}

/** Outside strict mode MySQL would cut a longer text and warn. */
function assertStorable(entry: OutboxEntry): void {
  for (const [field, most] of [
    ['topic', 255],
    ['eventType', 255],
    ['eventId', 36],
  ] as const) {
    if ([...entry[field]].length <= most) continue;
    throw new OutboxEntryError(entry, `its ${field} has more than ${most} characters`);
  }
}
