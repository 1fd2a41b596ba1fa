import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import { beforeAll, expect, it, vi } from 'vitest';
import { TransactionAbortedError } from '../failures/transaction-aborted-error.js';
import type { SqlDatabase } from '../port/sql-database.js';
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

  if (abilities.includes('abandon'))
    it.each<[string, (database: SqlDatabase<unknown>, text: string, options: object) => Promise<unknown>]>([
      ['a statement', (database, text, options) => database.query(text, [], options)],
      [
        'a transaction',
        (database, text, options) => database.transaction((_, tx) => tx.query(text), options),
      ],
    ])('closes the connection of %s whose signal fires, so that its pool has room', async (_, run) => {
      expect.assertions(4);
      await tables.under.single?.(async (single) => {
        const name = `t${randomUUID().slice(0, 8)}`;
        const abandoning = new AbortController();
        const { signal: abortSignal } = abandoning;
        const sleep = tables.isMysql ? 'SLEEP' : 'pg_sleep';
        const sleeping = run(single, `SELECT ${sleep}(30) AS ${name}`, { abortSignal });
        sleeping.catch(() => {});
        const look = tables.isMysql
          ? `SELECT 1 FROM information_schema.processlist WHERE info LIKE '%AS ${name}'`
          : `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%AS ${name}'`;
        await vi.waitUntil(async () => (await tables.database.query(look)).rowCount > 0, 10_000);
        abandoning.abort();
        await expect(sleeping).rejects.toThrow('its caller waits no longer');
        expect((await single.query('SELECT 1 AS one', [], { abortSignal: undefined })).rowCount).toBe(1);
        await expect(run(single, 'SELECT 1 AS one', { abortSignal })).rejects.toThrow(InfrastructureError);
        expect((await single.query('SELECT 1 AS one')).rowCount).toBe(1);
      });
    });

  if (abilities.includes('elsewhere')) {
    /** Two transactions that lock two rows in opposite order. @param second what each does with its second lock */
    const deadlock = async (
      second: (lock: () => Promise<unknown>, executor: SqlExecutor) => Promise<unknown>,
    ) => {
      const ids = [await tables.insert(tables.database), await tables.insert(tables.database)];
      const text = tables.sql('UPDATE effects SET n = n + 1 WHERE id = $1');
      const gate = deferred();
      let arrived = 0;
      const crossing = (order: readonly string[]) =>
        tables.database.transaction(async (_, executor) => {
          await executor.query(text, [order[0]]);
          arrived += 1;
          if (arrived === 2) gate.resolve();
          await gate.promise;
          await second(() => executor.query(text, [order[1]]), executor);
        });
      const outcomes = await Promise.allSettled([crossing(ids), crossing(ids.toReversed())]);
      return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    };

    it('reports a transaction that the database ended because of a deadlock as one to run again', async () => {
      const failures = await deadlock((lock) => lock());
      expect(failures).toEqual([expect.any(InfrastructureError)]);
      expect(failures[0].message).toContain('run the transaction again');
    });

    it('refuses to commit when the work ignored a deadlock and went on', async () => {
      const failures = await deadlock(async (lock, executor) => {
        await lock().catch(() => tables.insert(executor).catch(() => {}));
      });
      expect(failures).toEqual([expect.any(TransactionAbortedError)]);
    });
  }
}
