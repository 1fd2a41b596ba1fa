import { ageValue, dialectSql } from '../dialect-sql.js';
import type { OutboxEntry } from '../outbox-entry.js';
import type { EntryPlace, PublishedPage } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { Queryable } from '../queryable.js';
import { entryOf, eventColumns, numberOf } from '../row-values.js';
import { limit, runStatement, type StatementOwner } from '../run-statement.js';
import { isOneOf, placesOf } from './entry-places.js';

/** Published entries that are kept: looked at and deleted by operators, and by age. */
export class PublishedStatements {
  readonly #tables: OutboxTables;
  readonly #owner: StatementOwner;

  constructor(tables: OutboxTables, owner: StatementOwner) {
    this.#tables = tables;
    this.#owner = owner;
  }

  /** See `OutboxStore.purgePublished`. */
  async purge(
    queryable: Queryable,
    { olderThanMs, maxRows }: { readonly olderThanMs: number; readonly maxRows: number },
  ): Promise<number> {
    const { published } = this.#tables;
    const { dialect } = queryable;
    const old = `${dialectSql[dialect].olderThan('published_at')} ORDER BY published_at ${limit(maxRows)}`;
    // MySQL refuses a subquery on the table that it deletes from; PostgreSQL has no DELETE … LIMIT.
    const text =
      dialect === 'mysql'
        ? `DELETE FROM ${published} WHERE ${old}`
        : `DELETE FROM ${published} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${published} WHERE ${old}))`;
    return (await runStatement(queryable, this.#owner, text, [ageValue(olderThanMs)])).rowCount;
  }

  /** See `OutboxStore.countPublished`. */
  async count(queryable: Queryable, { olderThanMs }: { readonly olderThanMs: number }): Promise<number> {
    const isOld = dialectSql[queryable.dialect].olderThan('published_at');
    const text = `SELECT COUNT(*) AS counted FROM ${this.#tables.published} WHERE ${isOld}`;
    const [row = {}] = (await runStatement(queryable, this.#owner, text, [ageValue(olderThanMs)])).rows;
    return numberOf(row, 'counted') ?? 0;
  }

  /** See `OutboxStore.readPublished`. */
  async read(
    queryable: Queryable,
    page: PublishedPage,
  ): Promise<readonly (OutboxEntry & { readonly position: bigint })[]> {
    const { text: asText, olderThan } = dialectSql[queryable.dialect];
    const { after, olderThanMs, maxRows, maxBytes } = page;
    const key = 'topic, position, event_id';
    const bytes =
      'OCTET_LENGTH(record) + OCTET_LENGTH(key_bytes) + OCTET_LENGTH(event_key) + OCTET_LENGTH(metadata)';
    // The index serves a comparison of rows on PostgreSQL, and one of columns on MySQL.
    const isBehind =
      queryable.dialect === 'postgres'
        ? `(${key}) > (?, ?, ?)`
        : '(topic > ? OR (topic = ? AND (position > ? OR (position = ? AND event_id > ?))))';
    const start =
      queryable.dialect === 'postgres'
        ? [after.topic, after.position, after.eventId]
        : [after.topic, after.topic, after.position, after.position, after.eventId];
    const inner = `SELECT ${key}, ${bytes} AS bytes FROM ${this.#tables.published}
  WHERE ${isBehind} AND ${olderThan('published_at')} ORDER BY ${key} ${limit(maxRows)}`;
    const text = `SELECT ${eventColumns.map((column) => `p.${column}`).join(', ')}, ${asText('p.position')} AS position
FROM ${this.#tables.published} p JOIN (SELECT ${key}, ROW_NUMBER() OVER (ORDER BY ${key}) AS place,
  SUM(bytes) OVER (ORDER BY ${key}) AS total FROM (${inner}) AS page) AS sized
  ON p.topic = sized.topic AND p.position = sized.position AND p.event_id = sized.event_id
WHERE sized.place = 1 OR sized.total <= ? ORDER BY p.topic, p.position, p.event_id`;
    const values = [...start, ageValue(olderThanMs), maxBytes];
    return (await runStatement(queryable, this.#owner, text, values)).rows.map(entryOf);
  }

  /** See `OutboxStore.discardPublished`. */
  async discard(queryable: Queryable, topic: string, entries: readonly EntryPlace[]): Promise<number> {
    if (entries.length === 0) return 0;
    const text = `DELETE FROM ${this.#tables.published} WHERE ${isOneOf(entries)}`;
    return (await runStatement(queryable, this.#owner, text, placesOf(topic, entries))).rowCount;
  }
}
