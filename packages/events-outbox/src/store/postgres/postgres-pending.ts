import { dialectSql } from '../dialect-sql.js';
import type { PendingEntry } from '../outbox-entry.js';
import type { PendingPage, PublishedEntry } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { Queryable } from '../queryable.js';
import { entryOf, eventColumns, numberOf, textOf } from '../row-values.js';
import { limit, runStatement, type StatementOwner } from '../run-statement.js';
import { knownTopics, topicGaps } from '../topic-gaps.js';
import { LANE_LOCKS } from './lane-locks.js';

/** What a relay does with pending entries on PostgreSQL. */
export class PostgresPending {
  readonly #tables: OutboxTables;
  readonly #owner: StatementOwner;

  constructor(tables: OutboxTables, owner: StatementOwner) {
    this.#tables = tables;
    this.#owner = owner;
  }

  /** See `OutboxStore.topics`. Each topic is one step in the index, and so is each gap between known topics. */
  async topics(queryable: Queryable, after: ReadonlyMap<string, bigint>): Promise<readonly string[]> {
    const { pending } = this.#tables;
    const known = knownTopics(after);
    const gaps = topicGaps([...known.keys()]);
    const text = `SELECT found.topic FROM unnest(CAST(? AS text[]), CAST(? AS bigint[])) AS known (topic, floor)
  CROSS JOIN LATERAL (SELECT p.topic FROM ${pending} p WHERE p.topic = known.topic AND p.position > known.floor
    ORDER BY p.position LIMIT 1) AS found
UNION ALL
SELECT found.topic FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS gap (low, high)
  CROSS JOIN LATERAL (SELECT p.topic FROM ${pending} p WHERE p.topic > gap.low AND p.topic < gap.high
    ORDER BY p.topic LIMIT 1) AS found`;
    const { rows } = await this.#run(queryable, text, [
      [...known.keys()],
      [...known.values()],
      gaps.map(({ low }) => low),
      gaps.map(({ high }) => high),
    ]);
    return rows.map((row) => textOf(row, 'topic')).sort();
  }

  /**
   * See `OutboxStore.readPending`. Reads blocks of a thousand positions, as many as the page needs, each by a range of the
   * primary key: a nested loop, so in their order. One range with a LIMIT would be shorter, and would read the whole
   * backlog of the topic for each page when the planner expects few rows: statistics of a table that is empty now and full
   * a minute later are wrong. A block is small whatever the planner chooses.
   */
  async readPending(queryable: Queryable, page: PendingPage): Promise<readonly PendingEntry[]> {
    const { pending, parked } = this.#tables;
    const { text: asText } = dialectSql.postgres;
    const inTopic = `FROM ${pending} p WHERE p.topic = CAST(? AS text) AND p.position`;
    const firstBehind = (position: string) =>
      `SELECT p.position AS low ${inTopic} > ${position} ORDER BY p.position LIMIT 1`;
    const held = `AND NOT EXISTS (SELECT FROM ${parked} k WHERE k.topic = p.topic AND k.lane = p.lane AND k.event_key = p.event_key)`;
    const text = `WITH RECURSIVE blocks AS ((${firstBehind('CAST(? AS bigint)')})
  UNION ALL SELECT next.low FROM blocks CROSS JOIN LATERAL (${firstBehind(`blocks.low + ${BLOCK}`)}) AS next),
page AS MATERIALIZED (SELECT p.* FROM blocks CROSS JOIN LATERAL (
    SELECT p.*, ${BYTES} AS bytes ${inTopic} BETWEEN blocks.low AND blocks.low + ${BLOCK}
    ${page.holdParkedKeys ? held : ''} ORDER BY p.position) AS p
  WHERE p.position <> ALL (${POSITIONS}) ${limit(page.maxRows)}),
sized AS (SELECT page.*, row_number() OVER places AS number, sum(bytes) OVER places AS total FROM page
  WINDOW places AS (ORDER BY position ROWS UNBOUNDED PRECEDING))
SELECT ${eventColumns.map((column) => `p.${column}`).join(', ')}, ${asText('p.position')} AS position
FROM sized p WHERE number = 1 OR total <= ? ORDER BY p.position`;
    const { topic, after, except, maxBytes } = page;
    const values = [topic, after, topic, topic, except.join(), maxBytes];
    return (await this.#run(queryable, text, values)).rows.map(entryOf);
  }

  /** See `OutboxStore.heldLanes`. */
  async heldLanes(queryable: Queryable): Promise<ReadonlySet<number>> {
    const text = `SELECT CAST(objid AS integer) AS lane FROM pg_locks
WHERE locktype = 'advisory' AND classid = ${LANE_LOCKS} AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    const { rows } = await this.#run(queryable, text, []);
    return new Set(rows.map((row) => numberOf(row, 'lane') ?? 0));
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
    const columns = [...eventColumns, 'position', 'appended_at'];
    // Each row is found by the primary key: a condition on many positions may read the whole topic.
    const remove = `DELETE FROM ${tables.pending} WHERE ctid = ANY (ARRAY(
    SELECT found.ctid FROM unnest(${POSITIONS}) AS accepted (position) CROSS JOIN LATERAL (
      SELECT p.ctid FROM ${tables.pending} p WHERE p.topic = ? AND p.position = accepted.position LIMIT 1) AS found))
  AND CAST(event_id AS text) = ANY (string_to_array(CAST(? AS text), ','))`;
    const move = `WITH removed AS (${remove} RETURNING *)
INSERT INTO ${tables.published} (${columns.join(', ')}, bus_position)
SELECT ${columns.map((column) => `removed.${column}`).join(', ')}, accepted.bus_position
FROM removed JOIN unnest(CAST(? AS bigint[]), CAST(? AS text[])) AS accepted (position, bus_position)
  ON accepted.position = removed.position
ON CONFLICT DO NOTHING`;
    const positions = published.map(({ position }) => position);
    const values = [positions.join(), topic, published.map(({ eventId }) => eventId).join()];
    if (!keep) return void (await this.#run(queryable, remove, values));
    const busPositions = published.map(({ busPosition }) => busPosition);
    await this.#run(queryable, move, [...values, positions, busPositions]);
  }

  #run(queryable: Queryable, text: string, values: readonly unknown[]) {
    return runStatement(queryable, this.#owner, text, values);
  }
}

/** Many positions as one text: drivers build an array of text element by element, at several times the cost. */
const POSITIONS = `CAST(string_to_array(CAST(? AS text), ',') AS bigint[])`;

/** So much higher than its first position is the last of a block. */
const BLOCK = 999;

/** The database knows the length of a large value without reading it. */
const BYTES =
  'CAST(octet_length(p.record) AS bigint) + octet_length(p.key_bytes) + octet_length(p.event_key) + octet_length(p.metadata)';
