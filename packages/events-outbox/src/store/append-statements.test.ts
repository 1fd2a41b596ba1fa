import { defineExecutor, type SqlDialect } from '@openedx-ts/events-sql';
import { expect, it } from 'vitest';
import { entryFor } from './entry.test-support.js';
import { mysqlOutboxStore } from './mysql/mysql-outbox-store.js';
import { postgresOutboxStore } from './postgres/postgres-outbox-store.js';

/** The statements of one `append`, on a database that only counts them. */
async function statementsFor(dialect: SqlDialect, events: number): Promise<number> {
  let statements = 0;
  const query = async (_: string, values: readonly unknown[] = []) => {
    statements += 1;
    return { rows: values.map((lane) => ({ lane })), rowCount: 0 }; // MySQL returns the lanes that it has locked
  };
  const executor = defineExecutor({ dialect, connection: {}, query });
  const store = dialect === 'postgres' ? postgresOutboxStore() : mysqlOutboxStore();
  await store.append(
    executor,
    Array.from({ length: events }, (_, index) => entryFor('orders', `key ${index % 300}`)),
  );
  return statements;
}

it.each([
  ['postgres', 1, 1],
  ['postgres', 1_000, 1],
  ['postgres', 1_001, 2],
  ['mysql', 1, 2],
  ['mysql', 1_000, 2],
] as const)(
  'on %s a transaction with %i events has %i statements of the outbox',
  async (dialect, events, count) => {
    expect(await statementsFor(dialect, events)).toBe(count);
  },
);
