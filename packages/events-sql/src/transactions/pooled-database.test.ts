import { EventsError } from '@openedx-ts/events-core';
import { expect, it, vi } from 'vitest';
import type { SqlExecutor } from '../port/sql-executor.js';
import { pooledDatabase } from './pooled-database.js';

/** A pool whose only connection is lent when `give` is called. */
function busyPool() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  const release = vi.fn<(isBroken: boolean) => void>();
  const statements = vi.fn(async () => ({ rows: [], rowCount: 0 }));
  const executor = { query: statements } as unknown as SqlExecutor;
  const steps = { begin: statements, commit: statements, rollback: statements };
  const database = pooledDatabase('postgres', async () => {
    await given;
    return { connection: 'connection', executor, ...steps, release };
  });
  return { database, give, release, statements };
}

it.each(['query', 'transaction'] as const)(
  'returns a connection unused that a pool lends after the caller of a %s waits no longer',
  async (kind) => {
    const { database, give, release, statements } = busyPool();
    const caller = new AbortController();
    const { signal: abortSignal } = caller;
    const work = vi.fn();
    const running =
      kind === 'query'
        ? database.query('SELECT 1', [], { abortSignal })
        : database.transaction(work, { abortSignal });
    const failure = running.then(
      () => undefined,
      (error: unknown) => error,
    );
    caller.abort();
    give();
    expect(await failure).toSatisfy(
      (error) => EventsError.is(error) && error.code === 'EVENTS_INFRASTRUCTURE',
    );
    expect(release.mock.calls).toEqual([[false]]);
    expect([statements.mock.calls.length, work.mock.calls.length]).toEqual([0, 0]);
  },
);
