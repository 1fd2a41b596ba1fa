import { dialectSql } from '../dialect-sql.js';
import type { OutboxStatus, TopicStatus } from '../outbox-status.js';
import type { OutboxStore, StatusOptions } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { Queryable } from '../queryable.js';
import { bigintOf, numberOf, textOf } from '../row-values.js';
import { limit, runStatement, type StatementOwner } from '../run-statement.js';

/** What waits in the outbox, for operators. */
export class StatusStatements {
  readonly #tables: OutboxTables;
  readonly #owner: StatementOwner;
  readonly #topics: OutboxStore['topics'];

  constructor(tables: OutboxTables, owner: StatementOwner, topics: OutboxStore['topics']) {
    this.#tables = tables;
    this.#owner = owner;
    this.#topics = topics;
  }

  /** See `OutboxStore.status`. */
  async status(queryable: Queryable, { countUpTo, after = new Map() }: StatusOptions): Promise<OutboxStatus> {
    const parked = await this.#parked(queryable);
    const names = new Set([...parked.keys(), ...(await this.#pendingTopics(queryable, after))]);
    const topics: TopicStatus[] = [];
    for (const topic of [...names].sort()) {
      const found = await this.#pending(queryable, topic, { countUpTo, after: after.get(topic) ?? 0n });
      const status = { topic, ...found, parked: parked.get(topic) ?? 0 };
      if (status.pending > 0 || status.parked > 0) topics.push(status);
    }
    const published = await this.#count(queryable, `FROM ${this.#tables.published}`, [], countUpTo);
    return { topics, published, lease: await this.#lease(queryable) };
  }

  /** A call of `topics` returns new topics until all are known. */
  async #pendingTopics(
    queryable: Queryable,
    after: ReadonlyMap<string, bigint>,
  ): Promise<ReadonlySet<string>> {
    const known = new Map(after);
    const topics = new Set<string>();
    for (;;) {
      const found = await this.#topics(queryable, known);
      const fresh = found.filter((topic) => !topics.has(topic));
      if (fresh.length === 0) return topics;
      for (const topic of fresh) {
        topics.add(topic);
        known.set(topic, MAX_POSITION);
      }
    }
  }

  async #parked(queryable: Queryable): Promise<ReadonlyMap<string, number>> {
    const text = `SELECT topic, COUNT(*) AS parked FROM ${this.#tables.parked} GROUP BY topic`;
    const { rows } = await runStatement(queryable, this.#owner, text);
    return new Map(rows.map((row) => [textOf(row, 'topic'), numberOf(row, 'parked') ?? 0]));
  }

  async #pending(
    queryable: Queryable,
    topic: string,
    { countUpTo, after }: { readonly countUpTo: number; readonly after: bigint },
  ): Promise<Pick<TopicStatus, 'pending' | 'oldestAgeMs'>> {
    const from = `FROM ${this.#tables.pending} WHERE topic = ? AND position > ?`;
    const pending = await this.#count(queryable, from, [topic, after], countUpTo);
    const { ageMs } = dialectSql[queryable.dialect];
    const text = `SELECT ${ageMs('appended_at')} AS age ${from} ORDER BY position LIMIT 1`;
    const { rows } = await runStatement(queryable, this.#owner, text, [topic, after]);
    const age = rows[0] === undefined ? undefined : numberOf(rows[0], 'age');
    // The clock of the database may have been set back.
    return { pending, oldestAgeMs: age === undefined ? undefined : Math.max(0, age) };
  }

  async #count(
    queryable: Queryable,
    from: string,
    values: readonly unknown[],
    upTo: number,
  ): Promise<number> {
    const text = `SELECT COUNT(*) AS counted FROM (SELECT 1 AS one ${from} ${limit(upTo)}) AS counted`;
    const { rows } = await runStatement(queryable, this.#owner, text, values);
    return rows[0] === undefined ? 0 : (numberOf(rows[0], 'counted') ?? 0);
  }

  async #lease(queryable: Queryable): Promise<OutboxStatus['lease']> {
    const { text, ageMs } = dialectSql[queryable.dialect];
    const columns = `holder, host, ${text('term')} AS term, ${text('beat')} AS beat, ${ageMs('renewed_at')} AS age`;
    const { rows } = await runStatement(
      queryable,
      this.#owner,
      `SELECT ${columns} FROM ${this.#tables.relay} WHERE id = 1 AND holder <> ''`,
    );
    return rows.map((row) => ({
      holder: textOf(row, 'holder'),
      host: textOf(row, 'host'),
      term: bigintOf(row, 'term'),
      beat: bigintOf(row, 'beat'),
      renewedMsAgo: Math.max(0, numberOf(row, 'age') ?? 0),
    }))[0];
  }
}

/** The greatest position of PostgreSQL; behind it a topic has nothing. */
const MAX_POSITION = 2n ** 63n - 1n;
