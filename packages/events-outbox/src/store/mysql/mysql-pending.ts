import { dialectSql } from '../dialect-sql.js';
import { LANES } from '../lane-of.js';
import type { PendingEntry } from '../outbox-entry.js';
import type { PendingPage, PublishedEntry } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { Queryable } from '../queryable.js';
import { entryOf, eventColumns, numberOf, textOf } from '../row-values.js';
import { limit, marks, runStatement, type StatementOwner } from '../run-statement.js';
import { knownTopics, topicGaps } from '../topic-gaps.js';

/** What a relay does with pending entries on MySQL and MariaDB. */
export class MysqlPending {
  readonly #tables: OutboxTables;
  readonly #owner: StatementOwner;

  constructor(tables: OutboxTables, owner: StatementOwner) {
    this.#tables = tables;
    this.#owner = owner;
  }

  /** See `OutboxStore.topics`. Each topic is one step in the index, and so is each gap between known topics. */
  async topics(queryable: Queryable, after: ReadonlyMap<string, bigint>): Promise<readonly string[]> {
    const { pending } = this.#tables;
    const inTopic = `(SELECT topic FROM ${pending} FORCE INDEX (PRIMARY) WHERE topic = ? AND position > ? ORDER BY position LIMIT 1)`;
    const inGap = `(SELECT topic FROM ${pending} WHERE topic > ? AND topic < ? ORDER BY topic LIMIT 1)`;
    const known = knownTopics(after);
    const gaps = topicGaps([...known.keys()]);
    const text = [...[...known.keys()].map(() => inTopic), ...gaps.map(() => inGap)].join(' UNION ALL ');
    const values = [...[...known].flat(), ...gaps.flatMap(({ low, high }) => [low, high])];
    const { rows } = await this.#run(queryable, text, values);
    return rows.map((row) => textOf(row, 'topic')).sort();
  }

  /** See `OutboxStore.readPending`. The page is found by the stored lengths, before a record is read. */
  async readPending(queryable: Queryable, page: PendingPage): Promise<readonly PendingEntry[]> {
    const { pending, parked } = this.#tables;
    const { text: asText } = dialectSql.mysql;
    const except = page.except.length === 0 ? '' : `AND q.position NOT IN (${marks(page.except)})`;
    const held = `AND NOT EXISTS (SELECT 1 FROM ${parked} k WHERE k.topic = q.topic AND k.lane = q.lane AND k.event_key = q.event_key)`;
    const inner = `SELECT q.position, q.bytes FROM ${pending} q FORCE INDEX (PRIMARY) WHERE q.topic = ? AND q.position > ? ${except}
  ${page.holdParkedKeys ? held : ''} ORDER BY q.position ${limit(page.maxRows)}`;
    const text = `SELECT ${eventColumns.map((column) => `p.${column}`).join(', ')}, ${asText('p.position')} AS position
FROM (SELECT position, ROW_NUMBER() OVER (ORDER BY position) AS place, SUM(bytes) OVER (ORDER BY position) AS total
  FROM (${inner}) AS page) AS sized
JOIN ${pending} p ON p.topic = ? AND p.position = sized.position
WHERE sized.place = 1 OR sized.total <= ? ORDER BY sized.position`;
    const values = [page.topic, page.after, ...page.except, page.topic, page.maxBytes];
    return (await this.#run(queryable, text, values)).rows.map(entryOf);
  }

  /** See `OutboxStore.heldLanes`. MySQL and MariaDB list locks in different tables; both skip locked rows alike. */
  async heldLanes(queryable: Queryable): Promise<ReadonlySet<number>> {
    const text = `SELECT lane FROM ${this.#tables.lanes} FOR UPDATE SKIP LOCKED`;
    const { rows } = await this.#run(queryable, text, []);
    const held = new Set(Array.from({ length: LANES }, (_, lane) => lane));
    for (const row of rows) held.delete(numberOf(row, 'lane') ?? -1);
    return held;
  }

  /** See `OutboxStore.removePublished`. */
  async removePublished(
    queryable: Queryable,
    topic: string,
    published: readonly PublishedEntry[],
    { keep }: { readonly keep: boolean },
  ): Promise<void> {
    const tables = this.#tables;
    if (published.length === 0) return;
    const condition = `topic = ? AND position IN (${marks(published)}) AND event_id IN (${marks(published)})`;
    const rows = [
      topic,
      ...published.map(({ position }) => position),
      ...published.map(({ eventId }) => eventId),
    ];
    if (keep) {
      const columns = [...eventColumns, 'position', 'appended_at'].join(', ');
      const busPosition = `CASE position ${published.map(() => 'WHEN ? THEN ?').join(' ')} END`;
      const copy = `INSERT INTO ${tables.published} (${columns}, bus_position)
SELECT ${columns}, ${busPosition} FROM ${tables.pending} WHERE ${condition}
${dialectSql.mysql.ignoreDuplicates(tables.published)}`;
      const busPositions = published.flatMap(({ position, busPosition: place }) => [position, place]);
      await this.#run(queryable, copy, [...busPositions, ...rows]);
    }
    await this.#run(queryable, `DELETE FROM ${tables.pending} WHERE ${condition}`, rows);
  }

  #run(queryable: Queryable, text: string, values: readonly unknown[]) {
    return runStatement(queryable, this.#owner, text, values);
  }
}
