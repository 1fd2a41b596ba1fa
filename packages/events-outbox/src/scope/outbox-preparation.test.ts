import { configureEvents, InfrastructureError, type Route, silentLogger } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle, TestClock } from '../relay/test-clock.test-support.js';
import { OutboxPreparation } from './outbox-preparation.js';

const restore = snapshotSignals();
const warn = vi.fn();
let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
  warn.mockClear();
  configureEvents({ clock, logger: { ...silentLogger, warn } });
});
afterEach(restore);

const routeTo = (topic: string) => ({ topic }) as Route;

/** Steps that fail with an error as long as it is set. */
function stepsThatFail() {
  const steps = {
    error: undefined as Error | undefined,
    prepared: [] as string[],
    checkTables: async () => {
      if (steps.error !== undefined) throw steps.error;
    },
    prepareSchemas: async (routes: readonly Route[]) => {
      steps.prepared.push(...routes.map(({ topic }) => topic));
    },
  };
  return steps;
}

describe('OutboxPreparation', () => {
  it('prepares routes once', async () => {
    const steps = stepsThatFail();
    const preparation = new OutboxPreparation(steps);
    await preparation.warmUp([routeTo('a'), routeTo('b')]);
    await preparation.ready();
    await preparation.warmUp([routeTo('c')]);
    expect(steps.prepared).toEqual(['a', 'b', 'c']);
    expect(preparation.health()).toEqual({ live: true, ready: true, reasons: [] });
    await preparation.close();
  });

  it('lets a service start while the database is unreachable, shows that in health, and prepares when it is back', async () => {
    const steps = stepsThatFail();
    steps.error = new InfrastructureError('no connection to 127.0.0.1');
    const preparation = new OutboxPreparation(steps);
    await preparation.warmUp([routeTo('a')]);
    expect(preparation.health()).toEqual({
      live: true,
      ready: false,
      reasons: ['the outbox is not ready: no connection to 127.0.0.1'],
    });
    await clock.advance(60_000);
    expect(steps.prepared).toEqual([]);
    expect(warn.mock.calls.map(([, message]) => message)).toEqual([
      expect.stringContaining('the database of the outbox is unreachable'),
    ]);
    steps.error = undefined;
    await clock.advance(10_000);
    expect(steps.prepared).toEqual(['a']);
    expect(preparation.health().ready).toBe(true);
    expect(warn).toHaveBeenLastCalledWith(expect.anything(), 'the outbox is prepared for its routes');
    expect(clock.pending).toBe(0);
  });

  it('names what is wrong once the database is back, and goes on until it is cured', async () => {
    const steps = stepsThatFail();
    steps.error = new InfrastructureError('no connection to 127.0.0.1');
    const preparation = new OutboxPreparation(steps);
    await preparation.warmUp([routeTo('a')]);
    steps.error = new Error('the table is missing');
    await clock.advance(10_000);
    await expect(preparation.warmUp([routeTo('b')])).rejects.toBe(steps.error);
    expect(preparation.health().reasons).toEqual(['the outbox is not ready: the table is missing']);
    expect(warn).toHaveBeenLastCalledWith(expect.objectContaining({ err: steps.error }), expect.anything());
    steps.error = undefined;
    await clock.advance(10_000);
    expect(steps.prepared).toEqual(['a']);
    expect(preparation.health().ready).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('attempts at once for a transaction, which gets the error', async () => {
    const steps = stepsThatFail();
    steps.error = new InfrastructureError('down');
    const preparation = new OutboxPreparation(steps);
    await preparation.warmUp([routeTo('a')]);
    await expect(preparation.ready()).rejects.toBe(steps.error);
    steps.error = undefined;
    await preparation.ready();
    expect(steps.prepared).toEqual(['a']);
    await preparation.close();
  });

  it('rejects when trying again does not help, and is ready for other routes', async () => {
    const steps = stepsThatFail();
    steps.error = new Error('the table is missing');
    const preparation = new OutboxPreparation(steps);
    await expect(preparation.warmUp([routeTo('a')])).rejects.toBe(steps.error);
    expect(preparation.health().ready).toBe(true);
    steps.error = undefined;
    await preparation.warmUp([routeTo('b')]);
    expect(steps.prepared).toEqual(['b']);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer when it is closed', async () => {
    const steps = stepsThatFail();
    steps.error = new InfrastructureError('down');
    const preparation = new OutboxPreparation(steps);
    await preparation.warmUp([routeTo('a')]);
    await settle();
    expect(clock.pending).toBe(1);
    await Promise.all([preparation.close(), preparation.close()]);
    expect(clock.pending).toBe(0);
    expect(preparation.health()).toMatchObject({ live: false, ready: false });
  });
});
