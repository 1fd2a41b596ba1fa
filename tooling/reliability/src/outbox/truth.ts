import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';

/** An event of a committed transaction. */
export interface CommittedEvent {
  readonly eventId: string;
  readonly key: string;
  /** Grows by one within a key, in the order of commits. */
  readonly sequence: number;
}

/** Creates the tables of the truth: a counter for each key, and a row for each event, both written by its transaction. */
export async function createTruth(database: SqlDatabase<unknown>, keys: number): Promise<void> {
  await database.query('CREATE TABLE rig_counters (item_key varchar(20) PRIMARY KEY, n bigint NOT NULL)');
  await database.query(
    'CREATE TABLE rig_truth (event_id char(36) PRIMARY KEY, item_key varchar(20) NOT NULL, sequence bigint NOT NULL)',
  );
  for (let first = 0; first < keys; first += pageOfKeys) {
    const count = Math.min(pageOfKeys, keys - first);
    const rows = Array.from({ length: count }, (_, index) => `('${keyOf(first + index)}', 0)`);
    await database.query(`INSERT INTO rig_counters VALUES ${rows.join(', ')}`);
  }
}

/** The name of a key. */
export function keyOf(index: number): string {
  return `key-${String(index).padStart(5, '0')}`;
}

/** Locks a key and draws the next numbers of it. @returns the first of them */
export async function drawSequence(executor: SqlExecutor, key: string, count: number): Promise<number> {
  if (executor.dialect === 'mysql') {
    await executor.query('UPDATE rig_counters SET n = LAST_INSERT_ID(n + ?) WHERE item_key = ?', [
      count,
      key,
    ]);
    const { rows } = await executor.query('SELECT LAST_INSERT_ID() AS n');
    return Number(rows[0]?.n) - count + 1;
  }
  const { rows } = await executor.query(
    'UPDATE rig_counters SET n = n + $1 WHERE item_key = $2 RETURNING n',
    [count, key],
  );
  return Number(rows[0]?.n) - count + 1;
}

/** Writes down events, in the transaction that sends them. */
export async function recordTruth(executor: SqlExecutor, events: readonly CommittedEvent[]): Promise<void> {
  const values = events.map(({ eventId, key, sequence }) => `('${eventId}', '${key}', ${sequence})`);
  await executor.query(`INSERT INTO rig_truth (event_id, item_key, sequence) VALUES ${values.join(', ')}`);
}

/** How many events were committed. */
export async function countTruth(database: Pick<SqlDatabase<unknown>, 'query'>): Promise<number> {
  return Number((await database.query('SELECT count(*) AS n FROM rig_truth')).rows[0]?.n);
}

/** All committed events. */
export async function readTruth(database: SqlDatabase<unknown>): Promise<readonly CommittedEvent[]> {
  const { rows } = await database.query('SELECT event_id, item_key, sequence FROM rig_truth');
  return rows.map((row) => ({
    eventId: String(row.event_id),
    key: String(row.item_key),
    sequence: Number(row.sequence),
  }));
}

const pageOfKeys = 1_000;
