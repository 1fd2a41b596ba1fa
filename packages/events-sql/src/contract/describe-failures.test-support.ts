import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '@openedx-ts/events-core';
import { beforeAll, expect, it } from 'vitest';
import { TransactionAbortedError } from '../failures/transaction-aborted-error.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import type { ContractTables } from './contract-tables.test-support.js';
import type { Ability } from './library-under-test.test-support.js';

/** Tests what happens when the database ends a transaction, a connection or a wait. */
export function describeFailures<Transaction>(
  prepared: () => ContractTables<Transaction>,
  abilities: readonly Ability[],
): void {
  let tables: ContractTables<Transaction>;
  beforeAll(() => {
    tables = prepared();
  });

  it('leaves an error of the network that is not the database’s to the caller', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(tables.database.transaction(() => Promise.reject(error))).rejects.toBe(error);
  });

  it('refuses to commit when the work ignored that the database ended its transaction', async () => {
    const id = randomUUID();
    const careless = tables.database.transaction(async (transaction, executor) => {
      await tables.insert(executor, id);
      // PostgreSQL ends a transaction at any failed statement, MySQL commits it before DDL.
      const ends = tables.isMysql ? 'CREATE TABLE IF NOT EXISTS effects (n int)' : 'SELECT * FROM nowhere';
      await tables.under.run(transaction, ends).catch(() => {});
    });
    await expect(careless).rejects.toThrow(TransactionAbortedError);
    if (!tables.isMysql) expect(await tables.exists(id)).toBe(false);
    expect((await tables.database.query('SELECT 1 AS one')).rowCount).toBe(1);
  });

  if (abilities.includes('elsewhere'))
    it('reports a connection that is cut in a transaction as unreachable, and recovers', async () => {
      const id = randomUUID();
      const cut = async (executor: SqlExecutor) => {
        const { rows } = await executor.query(
          `SELECT ${tables.isMysql ? 'connection_id()' : 'pg_backend_pid()'} AS pid`,
        );
        await tables.under.elsewhere?.(
          tables.isMysql ? `KILL ${rows[0]?.pid}` : `SELECT pg_terminate_backend(${rows[0]?.pid})`,
        );
      };
      const throughExecutor = tables.database.transaction(async (_, executor) => {
        await tables.insert(executor, id);
        await cut(executor);
        await tables.insert(executor, randomUUID());
      });
      await expect(throughExecutor).rejects.toThrow(InfrastructureError);
      const throughLibrary = tables.database.transaction(async (transaction, executor) => {
        await tables.insert(executor, id);
        await cut(executor);
        await tables.under.run(transaction, 'SELECT 1');
      });
      await expect(throughLibrary).rejects.toThrow(InfrastructureError);
      const atCommit = tables.database.transaction(async (_, executor) => {
        await tables.insert(executor, id);
        await cut(executor);
      });
      await expect(atCommit).rejects.toThrow(InfrastructureError);
      expect(await tables.exists(id)).toBe(false);
    });

  if (abilities.includes('exhausted'))
    it('reports a pool without a free connection as unavailable', async () => {
      expect.assertions(2);
      await tables.under.exhausted?.(async (full) => {
        await expect(full.transaction(async () => {})).rejects.toThrow(InfrastructureError);
        await expect(full.query('SELECT 1')).rejects.toThrow(InfrastructureError);
      });
    });

  if (abilities.includes('elsewhere'))
    it('reports a transaction that the database ended because of a deadlock as one to run again', async () => {
      const [one, other] = [randomUUID(), randomUUID()];
      await tables.insert(tables.database, one);
      await tables.insert(tables.database, other);
      const update = (executor: SqlExecutor, id: string) =>
        executor.query(tables.sql('UPDATE effects SET n = n + 1 WHERE id = $1'), [id]);
      let arrived = 0;
      let open = () => {};
      const both = new Promise<void>((resolve) => {
        open = resolve;
      });
      const crossing = (first: string, second: string) =>
        tables.database.transaction(async (_, executor) => {
          await update(executor, first);
          arrived += 1;
          if (arrived === 2) open();
          await both;
          await update(executor, second);
        });
      const outcomes = await Promise.allSettled([crossing(one, other), crossing(other, one)]);
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(failed).toHaveLength(1);
      expect(failed[0]?.reason).toBeInstanceOf(InfrastructureError);
      expect(failed[0]?.reason).toMatchObject({
        message: expect.stringContaining('run the transaction again'),
      });
    });
}
