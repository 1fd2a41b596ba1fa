import { TransactionScope } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { describe, expect, it, vi } from 'vitest';
import { OutboxTransactions } from './outbox-transactions.js';

const executor = { dialect: 'postgres', connection: {}, query: vi.fn() } as unknown as SqlExecutor;

describe('OutboxTransactions', () => {
  it.each([
    ['failed', true],
    ['could not be committed', false],
  ])('drops what waits for the commit of a run that %s, when the library runs it again', async (_, fails) => {
    const database: SqlDatabase<undefined> = {
      dialect: 'postgres',
      query: vi.fn(),
      transaction: async (work) => {
        await work(undefined, executor).catch(() => {});
        return work(undefined, executor);
      },
    };
    const store = { append: vi.fn() };
    const transactions = new OutboxTransactions({
      database,
      store,
      mustAccept: vi.fn(),
      onCommitted: vi.fn(),
    });
    const conflict = new Error('serialization failure');
    const outcomes: unknown[] = [];
    let runs = 0;
    await transactions.transaction(async () => {
      runs += 1;
      const run = runs;
      TransactionScope.current()?.defer({
        run: () => outcomes.push([run, 'committed']),
        drop: (cause) => outcomes.push([run, cause]),
      });
      if (run === 1 && fails) throw conflict;
    });
    expect(outcomes).toEqual([
      [1, fails ? conflict : new Error('the library of the database runs the transaction again')],
      [2, 'committed'],
    ]);
  });
});
