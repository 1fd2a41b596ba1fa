import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { batchReceiver } from './batch-receiver.js';
import { defineCount } from './count-changed.test-support.js';
import { ada, defineUserSignal } from './fixtures.test-support.js';
import { snapshotSignals } from './registry.js';

let restore: () => void;
beforeEach(() => {
  restore = snapshotSignals();
});
afterEach(() => restore());

function countsOf(signal: ReturnType<typeof defineCount>) {
  const send = (count: number) => signal.sendEventWithMetadata(createMetadata(signal), { count });
  const sendAll = (...counts: number[]) => Promise.all(counts.map(send));
  return { sendAll };
}

describe('batchReceiver', () => {
  it('gathers what is in flight at once, up to maxSize, and until maxWaitMs is over', async () => {
    const COUNT_CHANGED = defineCount();
    const batches: number[][] = [];
    COUNT_CHANGED.connect(
      batchReceiver((events) => void batches.push(events.map(({ data }) => data.count)), {
        maxSize: 2,
        maxWaitMs: 5,
      }),
    );
    await countsOf(COUNT_CHANGED).sendAll(1, 2, 3);
    expect(batches).toEqual([[1, 2], [3]]);
    await countsOf(COUNT_CHANGED).sendAll(4);
    expect(batches).toEqual([[1, 2], [3], [4]]);
  });

  it('fails every event of a batch by throwing', async () => {
    const COUNT_CHANGED = defineCount();
    COUNT_CHANGED.connect(
      batchReceiver(
        () => {
          throw new Error('all of them');
        },
        { maxSize: 2 },
      ),
    );
    const results = await countsOf(COUNT_CHANGED).sendAll(1, 2);
    expect(results.flat()).toMatchObject([
      { status: 'rejected', reason: new Error('all of them') },
      { status: 'rejected', reason: new Error('all of them') },
    ]);
  });

  it('names no person of another event of the batch in the error of an event', async () => {
    const signal = defineUserSignal();
    const lovelace = { ...ada, pii: { username: 'lovelace' } };
    const hopper = { ...ada, pii: { username: 'hopper-g' } };
    signal.connect(
      batchReceiver(
        async (events) => {
          throw new Error(`duplicate keys ${events.map(({ data }) => data.user.pii.username)}`);
        },
        { maxSize: 2 },
      ),
    );
    const results = await Promise.all([lovelace, hopper].map((user) => signal.sendEvent({ user })));
    const failed = { status: 'rejected', reason: new Error('duplicate keys ***,***') };
    expect(results).toMatchObject([[failed], [failed]]);
  });

  it('gives each event its own fate', async () => {
    const COUNT_CHANGED = defineCount();
    const save = async (number: number) => {
      if (number === 2) throw new Error('this one');
      return number * 10;
    };
    COUNT_CHANGED.connect(
      batchReceiver((events) => Promise.allSettled(events.map(({ data }) => save(data.count))), {
        maxSize: 3,
      }),
    );
    const results = await countsOf(COUNT_CHANGED).sendAll(1, 2, 3);
    expect(results.flat()).toMatchObject([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: new Error('this one') },
      { status: 'fulfilled', value: 30 },
    ]);
  });

  it('fails all when there is not one result for each event', async () => {
    const COUNT_CHANGED = defineCount();
    COUNT_CHANGED.connect(batchReceiver(() => Promise.allSettled([1]), { maxSize: 2 }));
    const results = await countsOf(COUNT_CHANGED).sendAll(1, 2);
    expect(results.flat().map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('is connected under the name of its function', () => {
    const COUNT_CHANGED = defineCount();
    COUNT_CHANGED.connect(batchReceiver(function saveItems() {}));
    expect(COUNT_CHANGED.receivers).toEqual(['saveItems']);
  });

  it('refuses what makes no sense', () => {
    expect(() => batchReceiver(vi.fn(), { maxSize: 0 })).toThrow(InvalidOptionsError);
  });
});
