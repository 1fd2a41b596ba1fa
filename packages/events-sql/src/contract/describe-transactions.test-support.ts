import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { ContractTables } from './contract-tables.test-support.js';
import type { Ability } from './library-under-test.test-support.js';

/** Tests commits, rollbacks and savepoints. */
export function describeTransactions<Transaction>(
  prepared: () => ContractTables<Transaction>,
  abilities: readonly Ability[],
): void {
  let tables: ContractTables<Transaction>;
  beforeAll(() => {
    tables = prepared();
  });

  it('commits what the work wrote through the executor and through the library, and returns its result', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const result = await tables.database.transaction(async (transaction, executor) => {
      await tables.insert(executor, one);
      await tables.under.run(transaction, `INSERT INTO effects (id, n) VALUES ('${other}', 2)`);
      return 'done';
    });
    expect(result).toBe('done');
    expect([await tables.exists(one), await tables.exists(other)]).toEqual([true, true]);
  });

  it('rolls back when the work rejects, throws its error itself, and can be used again', async () => {
    const id = randomUUID();
    const error = new Error('the seat is gone');
    const failing = tables.database.transaction(async (_, executor) => {
      await tables.insert(executor, id);
      throw error;
    });
    await expect(failing).rejects.toBe(error);
    expect(await tables.exists(id)).toBe(false);
    await tables.database.transaction((_, executor) => tables.insert(executor, id));
    expect(await tables.exists(id)).toBe(true);
  });

  it('works in a transaction that the library has started itself', async () => {
    const id = randomUUID();
    await tables.under.startItself((transaction) => tables.insert(tables.under.executorOf(transaction), id));
    expect(await tables.exists(id)).toBe(true);
  });

  it('recognises two executors of one transaction', async () => {
    await tables.database.transaction(async (transaction, executor) => {
      expect(tables.under.executorOf(transaction).connection).toBe(executor.connection);
    });
  });

  it('leaves savepoints to the work', async () => {
    const [kept, dropped] = [randomUUID(), randomUUID()];
    await tables.database.transaction(async (_, executor) => {
      await tables.insert(executor, kept);
      await executor.query('SAVEPOINT mine');
      await tables.insert(executor, dropped);
      await executor.query('ROLLBACK TO SAVEPOINT mine');
    });
    expect([await tables.exists(kept), await tables.exists(dropped)]).toEqual([true, false]);
  });

  if (abilities.includes('savepoint'))
    it('drops what an executor of a savepoint wrote when the savepoint is rolled back', async () => {
      const [kept, dropped] = [randomUUID(), randomUUID()];
      await tables.database.transaction(async (transaction, executor) => {
        await tables.insert(executor, kept);
        const inner = tables.under.savepoint?.(transaction, async (nested) => {
          await tables.insert(tables.under.executorOf(nested), dropped);
          throw new Error('only this');
        });
        await expect(inner).rejects.toThrow('only this');
      });
      expect([await tables.exists(kept), await tables.exists(dropped)]).toEqual([true, false]);
    });

  it('runs statements that are called for at once', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    await tables.database.transaction((_, executor) =>
      Promise.all(ids.map((id) => tables.insert(executor, id))),
    );
    expect(await Promise.all(ids.map((id) => tables.exists(id)))).toEqual([true, true, true]);
  });
}
