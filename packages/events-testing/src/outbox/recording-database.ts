import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';

/** Makes a database whose statements do nothing. The work of each of its transactions gets the same value. */
export function recordingDatabase<Transaction>(transaction: Transaction): SqlDatabase<Transaction> {
  const query = async () => ({ rows: [], rowCount: 0 });
  return {
    dialect: 'postgres',
    query,
    transaction: (work) => {
      const executor: SqlExecutor = { dialect: 'postgres', connection: {}, query };
      return work(transaction, executor);
    },
  };
}
