import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { long } from '../shapes/primitives.js';
import { batchReceiver } from './batch-receiver.js';
import { defineSignal } from './define-signal.js';
import { snapshotSignals } from './registry.js';

let restore: () => void;
beforeEach(() => {
  restore = snapshotSignals();
});
afterEach(() => restore());

const define = () => defineSignal({ eventType: 'org.example.batch.item.sent.v1', data: { number: long() } });

function itemsOf(signal: ReturnType<typeof define>) {
  const send = (number: number) => signal.sendEventWithMetadata(createMetadata(signal), { number });
  const sendAll = (...numbers: number[]) => Promise.all(numbers.map(send));
  return { sendAll };
}

describe('batchReceiver', () => {
  it('gathers what is in flight at once, up to maxSize, and until maxWaitMs is over', async () => {
    const ITEM_SENT = define();
    const batches: number[][] = [];
    ITEM_SENT.connect(
      batchReceiver((events) => void batches.push(events.map(({ data }) => data.number)), {
        maxSize: 2,
        maxWaitMs: 5,
      }),
    );
    await itemsOf(ITEM_SENT).sendAll(1, 2, 3);
    expect(batches).toEqual([[1, 2], [3]]);
    await itemsOf(ITEM_SENT).sendAll(4);
    expect(batches).toEqual([[1, 2], [3], [4]]);
  });

  it('fails every event of a batch by throwing', async () => {
    const ITEM_SENT = define();
    ITEM_SENT.connect(
      batchReceiver(
        () => {
          throw new Error('all of them');
        },
        { maxSize: 2 },
      ),
    );
    const results = await itemsOf(ITEM_SENT).sendAll(1, 2);
    expect(results.flat()).toMatchObject([
      { status: 'rejected', reason: new Error('all of them') },
      { status: 'rejected', reason: new Error('all of them') },
    ]);
  });

  it('gives each event its own fate', async () => {
    const ITEM_SENT = define();
    const save = async (number: number) => {
      if (number === 2) throw new Error('this one');
      return number * 10;
    };
    ITEM_SENT.connect(
      batchReceiver((events) => Promise.allSettled(events.map(({ data }) => save(data.number))), {
        maxSize: 3,
      }),
    );
    const results = await itemsOf(ITEM_SENT).sendAll(1, 2, 3);
    expect(results.flat()).toMatchObject([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: new Error('this one') },
      { status: 'fulfilled', value: 30 },
    ]);
  });

  it('fails all when there is not one result for each event', async () => {
    const ITEM_SENT = define();
    ITEM_SENT.connect(batchReceiver(() => Promise.allSettled([1]), { maxSize: 2 }));
    const results = await itemsOf(ITEM_SENT).sendAll(1, 2);
    expect(results.flat().map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('is connected under the name of its function', () => {
    const ITEM_SENT = define();
    ITEM_SENT.connect(batchReceiver(function saveItems() {}));
    expect(ITEM_SENT.receivers).toEqual(['saveItems']);
  });

  it('refuses what makes no sense', () => {
    expect(() => batchReceiver(vi.fn(), { maxSize: 0 })).toThrow(InvalidOptionsError);
  });
});
