import { configureEvents } from '@openedx-ts/events-core';
import { TransactionScope } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { expect, it, vi } from 'vitest';
import { sqlInbox } from './sql-inbox.js';

it.each([Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  'deletes nothing that is less than %s ms old, which databases cannot compute',
  async (ttlMs) => {
    const query = vi.fn();
    const executor = { query: async () => ({ rows: [], rowCount: 1 }) } as unknown as SqlExecutor;
    const database = {
      dialect: 'postgres',
      query,
      transaction: (work: (transaction: undefined, one: SqlExecutor) => Promise<unknown>) =>
        work(undefined, executor),
    } as unknown as SqlDatabase<undefined>;
    const key = { groupId: 'mail', receiver: 'welcome', source: 'openedx/lms/web', id: '1' };
    expect(await sqlInbox(database, { ttlMs }).handle(key, () => {})).toBe(true);
    expect(query).not.toHaveBeenCalled();
  },
);

it.each([
  ['failed', true],
  ['could not be committed', false],
])(
  'publishes once what a receiver sends, when its transaction %s and the library runs it again',
  async (_, fails) => {
    const executor = { query: async () => ({ rows: [], rowCount: 1 }) } as unknown as SqlExecutor;
    const database = {
      dialect: 'postgres',
      query: async () => ({ rows: [], rowCount: 0 }),
      transaction: async (work: (transaction: undefined, one: SqlExecutor) => Promise<unknown>) => {
        await work(undefined, executor).catch(() => {});
        return work(undefined, executor);
      },
    } as unknown as SqlDatabase<undefined>;
    const outcomes: string[] = [];
    let runs = 0;
    const key = { groupId: 'mail', receiver: 'welcome', source: 'openedx/lms/web', id: '1' };
    const handling = sqlInbox(database).handle(key, () => {
      runs += 1;
      const run = runs;
      TransactionScope.current()?.defer({
        run: () => void outcomes.push(`${run} published`),
        drop: () => void outcomes.push(`${run} dropped`),
      });
      if (run === 1 && fails) throw new Error('serialization failure');
    });
    expect(await handling).toBe(true);
    expect(outcomes).toEqual(['1 dropped', '2 published']);
  },
);

it('processes an event although old rows cannot be deleted, and logs that', async () => {
  const warn = vi.fn();
  using _logger = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
  const executor = { query: async () => ({ rows: [], rowCount: 1 }) } as unknown as SqlExecutor;
  const database = {
    dialect: 'postgres',
    query: () => Promise.reject(new Error('permission denied for table events_inbox')),
    transaction: (work: (transaction: undefined, one: SqlExecutor) => Promise<unknown>) =>
      work(undefined, executor),
  } as unknown as SqlDatabase<undefined>;
  const run = vi.fn();
  const key = { groupId: 'mail', receiver: 'welcome', source: 'openedx/lms/web', id: '1' };
  expect(await sqlInbox(database).handle(key, run)).toBe(true);
  expect(run).toHaveBeenCalledOnce();
  expect(warn.mock.calls).toMatchObject([[{ table: 'events_inbox' }, expect.stringMatching(/not deleted/)]]);
});
