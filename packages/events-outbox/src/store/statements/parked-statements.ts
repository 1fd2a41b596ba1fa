import type { SqlExecutor } from '@openedx-ts/events-sql';
import { dialectSql } from '../dialect-sql.js';
import { lanesOf } from '../lane-of.js';
import type { EntryPlace, ParkedEntry, ParkedPage } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { ParkedRow } from '../parked-row.js';
import type { Queryable } from '../queryable.js';
import type { RedrivenEntry } from '../redriven-entry.js';
import { bigintOf, dateOf, entryOf, eventColumns, numberOf, type Row, textOf } from '../row-values.js';
import { limit, runStatement, type StatementOwner } from '../run-statement.js';
import { isOneOf, placesOf } from './entry-places.js';

/** What a dialect does for a redrive. */
export interface RedriveParts {
  /** Waits until this transaction holds the lanes, which are in order. */
  lockLanes(executor: SqlExecutor, lanes: readonly number[]): Promise<void>;
  /** Runs an `INSERT` of one row into the table of pending entries. @returns the position that was drawn */
  insertPending(executor: SqlExecutor, text: string, values: readonly unknown[]): Promise<bigint>;
}

/** Parked entries: rare, so each is moved by statements of its own. */
export class ParkedStatements {
  readonly #tables: OutboxTables;
  readonly #owner: StatementOwner;
  readonly #parts: RedriveParts;

  constructor(tables: OutboxTables, owner: StatementOwner, parts: RedriveParts) {
    this.#tables = tables;
    this.#owner = owner;
    this.#parts = parts;
  }

  /** See `OutboxStore.park`. */
  async park(executor: SqlExecutor, topic: string, entries: readonly ParkedEntry[]): Promise<void> {
    const { pending, parked } = this.#tables;
    const { integer, ignoreDuplicates } = dialectSql[executor.dialect];
    const columns = [...eventColumns, 'position', 'appended_at'].join(', ');
    const insert = `INSERT INTO ${parked} (${columns}, code, reason, attempts)
SELECT ${columns}, ?, ?, CAST(? AS ${integer}) FROM ${pending} WHERE topic = ? AND position = ? AND event_id = ?
${ignoreDuplicates(parked)}`;
    const remove = `DELETE FROM ${pending} WHERE topic = ? AND position = ? AND event_id = ?`;
    for (const { position, eventId, code, reason, attempts } of entries) {
      const row = [topic, position, eventId];
      await runStatement(executor, this.#owner, insert, [code, storable(reason), attempts, ...row]);
      await runStatement(executor, this.#owner, remove, row);
    }
  }

  /** See `OutboxStore.readParked`. */
  async readParked(queryable: Queryable, page: ParkedPage): Promise<readonly ParkedRow[]> {
    const { text: asText, epochMs } = dialectSql[queryable.dialect];
    const { topic, after, afterEventId, maxBytes } = page;
    const isBehind =
      afterEventId === undefined ? 'position > ?' : '(position > ? OR (position = ? AND event_id > ?))';
    const bytes =
      'OCTET_LENGTH(record) + OCTET_LENGTH(key_bytes) + OCTET_LENGTH(event_key) + OCTET_LENGTH(metadata)';
    const inner = `SELECT event_id, position, ${bytes} AS bytes FROM ${this.#tables.parked} WHERE topic = ? AND ${isBehind}
  ORDER BY position, event_id ${limit(page.maxRows)}`;
    const text = `SELECT ${eventColumns.map((column) => `p.${column}`).join(', ')}, ${asText('p.position')} AS position,
  ${epochMs('p.appended_at')} AS appended_ms, p.code, p.reason, p.attempts, ${epochMs('p.parked_at')} AS parked_ms
FROM ${this.#tables.parked} p JOIN (SELECT event_id, position, ROW_NUMBER() OVER (ORDER BY position, event_id) AS place,
  SUM(bytes) OVER (ORDER BY position, event_id) AS total FROM (${inner}) AS page) AS sized
  ON p.position = sized.position AND p.event_id = sized.event_id
WHERE p.topic = ? AND (sized.place = 1 OR sized.total <= ?) ORDER BY p.position, p.event_id`;
    const start = afterEventId === undefined ? [after] : [after, after, afterEventId];
    const values = [topic, ...start, topic, maxBytes];
    return (await runStatement(queryable, this.#owner, text, values)).rows.map(parkedRowOf);
  }

  /** See `OutboxStore.discard`. */
  async discard(queryable: Queryable, topic: string, entries: readonly EntryPlace[]): Promise<number> {
    if (entries.length === 0) return 0;
    const text = `DELETE FROM ${this.#tables.parked} WHERE ${isOneOf(entries)}`;
    return (await runStatement(queryable, this.#owner, text, placesOf(topic, entries))).rowCount;
  }

  /** See `OutboxStore.redrive`. */
  async redrive(
    executor: SqlExecutor,
    topic: string,
    entries: readonly EntryPlace[],
  ): Promise<readonly RedrivenEntry[]> {
    if (entries.length === 0) return [];
    const { text: asText } = dialectSql[executor.dialect];
    const text = `SELECT topic, event_type, event_id, event_key, ${asText('position')} AS position FROM ${this.#tables.parked} p
WHERE ${isOneOf(entries)} ORDER BY p.position, p.event_id FOR UPDATE`;
    const { rows } = await runStatement(executor, this.#owner, text, placesOf(topic, entries));
    const parked = rows.map(identityOf);
    await this.#parts.lockLanes(executor, lanesOf(parked));
    const redriven: RedrivenEntry[] = [];
    for (const entry of parked) redriven.push(await this.#redriveOne(executor, entry));
    return redriven;
  }

  /** See `OutboxStore.restore`. */
  async restore(
    executor: SqlExecutor,
    topic: string,
    entries: readonly EntryPlace[],
  ): Promise<readonly EntryPlace[]> {
    if (entries.length === 0) return [];
    const { pending, parked } = this.#tables;
    const columns = [...eventColumns, 'position', 'appended_at'].join(', ');
    const { ownPosition, ignoreDuplicates, text: asText } = dialectSql[executor.dialect];
    const insert = `INSERT INTO ${pending} (${columns}) ${ownPosition} SELECT ${columns} FROM ${parked}
WHERE ${isOneOf(entries)} ${ignoreDuplicates(pending)}`;
    await runStatement(executor, this.#owner, insert, placesOf(topic, entries));
    // What was not inserted stays parked: another entry has its position.
    const inserted = `SELECT event_id, ${asText('position')} AS position FROM ${parked} k WHERE ${isOneOf(entries)}
AND EXISTS (SELECT 1 FROM ${pending} p WHERE p.topic = k.topic AND p.position = k.position AND p.event_id = k.event_id)`;
    const { rows } = await runStatement(executor, this.#owner, inserted, placesOf(topic, entries));
    const restored = rows.map((row) => ({
      position: bigintOf(row, 'position'),
      eventId: textOf(row, 'event_id'),
    }));
    await this.discard(executor, topic, restored);
    return restored;
  }

  async #redriveOne(executor: SqlExecutor, entry: ReturnType<typeof identityOf>): Promise<RedrivenEntry> {
    const { pending, parked, published } = this.#tables;
    const { topic, key, parkedPosition } = entry;
    const row = [topic, parkedPosition, entry.eventId];
    const pendingAhead = await this.#count(executor, `${pending} WHERE topic = ? AND event_key = ?`, [
      topic,
      key,
    ]);
    const columns = eventColumns.join(', ');
    const insert = `INSERT INTO ${pending} (${columns}) SELECT ${columns} FROM ${parked} WHERE topic = ? AND position = ? AND event_id = ?`;
    const position = await this.#parts.insertPending(executor, insert, row);
    const remove = `DELETE FROM ${parked} WHERE topic = ? AND position = ? AND event_id = ?`;
    await runStatement(executor, this.#owner, remove, row);
    const others = [topic, key, parkedPosition];
    return {
      ...entry,
      position,
      pendingAhead,
      publishedAhead: await this.#count(
        executor,
        `${published} WHERE topic = ? AND event_key = ? AND position > ?`,
        others,
      ),
      parkedBefore: await this.#count(
        executor,
        `${parked} WHERE topic = ? AND event_key = ? AND position < ?`,
        others,
      ),
    };
  }

  async #count(executor: SqlExecutor, from: string, values: readonly unknown[]): Promise<number> {
    const text = `SELECT COUNT(*) AS counted FROM ${from}`;
    const { rows } = await runStatement(executor, this.#owner, text, values);
    return rows[0] === undefined ? 0 : (numberOf(rows[0], 'counted') ?? 0);
  }
}

/** PostgreSQL stores no U+0000 in text. */
function storable(reason: string): string {
  return reason.replaceAll('\0', '\u{FFFD}');
}

function identityOf(row: Row) {
  return {
    topic: textOf(row, 'topic'),
    eventType: textOf(row, 'event_type'),
    eventId: textOf(row, 'event_id'),
    key: textOf(row, 'event_key'),
    parkedPosition: bigintOf(row, 'position'),
  };
}

function parkedRowOf(row: Row): ParkedRow {
  return {
    ...entryOf(row),
    appendedAt: dateOf(row, 'appended_ms'),
    code: textOf(row, 'code'),
    reason: textOf(row, 'reason'),
    attempts: numberOf(row, 'attempts') ?? 0,
    parkedAt: dateOf(row, 'parked_ms'),
  };
}
