import { describe, expect, it } from 'vitest';
import { LaneWindow } from './lane-window.js';
import { keyed } from './lane-worker.test-support.js';

/** A window with these deliveries, given as key and delivery count; their ordinals are 1, 2, 3 ... */
function windowOf(...deliveries: readonly (readonly [key: string, deliveryCount?: number])[]) {
  const window = new LaneWindow({ maxDeliveries: 4, keyOf: ({ message }) => String(message.key) });
  for (const [index, [key, deliveryCount = 1]] of deliveries.entries())
    window.add(keyed(key, index + 1, { deliveryCount }));
  const start = () => {
    const entry = window.next();
    if (entry === undefined) throw new TypeError('nothing may start');
    window.start(entry);
    return entry;
  };
  const startBarrier = () => {
    const entry = window.barrier;
    if (entry === undefined || !window.isBarrierNext) throw new TypeError('the barrier may not start');
    window.start(entry);
    return entry;
  };
  const ready = () => window.next()?.delivery.ordinal;
  return { window, start, startBarrier, ready };
}

describe('LaneWindow', () => {
  it('starts different keys in the order of their deliveries, and the next of a key when the one before has ended', () => {
    const { window, start, ready } = windowOf(['a'], ['a'], ['b']);
    const first = start();
    const third = start();
    expect([first.delivery.ordinal, third.delivery.ordinal, ready()]).toEqual([1, 3, undefined]);
    window.end(first, 'finished');
    expect(ready()).toBe(2);
  });

  it('returns the ordinals up to the oldest unfinished delivery, and keeps no message of a finished one', () => {
    const { window, start } = windowOf(['a'], ['b']);
    const [older, newer] = [start(), start()];
    expect(window.end(newer, 'finished')).toEqual([]);
    expect(newer.delivery.message.key).toBeNull();
    expect([window.unfinished, window.finished]).toEqual([1, 1]);
    expect(window.end(older, 'finished')).toEqual([1, 2]);
    expect([window.unfinished, window.finished]).toEqual([0, 0]);
  });

  it('abandons what has not started behind an abandoned delivery, and acknowledges nothing behind it', () => {
    const { window, start, ready } = windowOf(['a'], ['b'], ['c']);
    const [one, two] = [start(), start()];
    window.end(one, 'abandoned');
    expect([ready(), window.end(two, 'finished')]).toEqual([undefined, []]);
    window.clear();
    expect([window.unfinished, window.finished]).toEqual([0, 0]);
  });

  it('counts the bytes of an event until it is finished, abandoned or forgotten, and once', () => {
    const { window, start } = windowOf(['a'], ['b'], ['c'], ['d'], ['d']);
    const all = window.bytes;
    const [one, two, three] = [start(), start(), start()];
    window.end(two, 'finished');
    expect(window.bytes).toBe((all * 4) / 5);
    window.end(one, 'abandoned');
    expect(window.bytes).toBe(all / 5);
    window.clear();
    expect(window.bytes).toBe(0);
    window.end(three, 'finished');
    expect(window.bytes).toBe(0);
  });

  describe('with an exclusive event', () => {
    it('starts it when every earlier one is finished, and later ones when it is lifted', () => {
      const { window, start, startBarrier, ready } = windowOf(['a'], ['b', 3], ['c'], ['d', 3], ['e']);
      const first = start();
      expect([ready(), window.isBarrierNext]).toEqual([undefined, false]);
      window.end(first, 'finished');
      const exclusive = startBarrier();
      expect(window.end(exclusive, 'finished')).toEqual([2]);
      expect([ready(), window.barrier]).toEqual([undefined, exclusive]);
      window.lift(exclusive);
      expect([ready(), window.barrier?.delivery.ordinal]).toEqual([3, 4]);
    });

    it('makes an ordinary event of one that is lifted before it starts', () => {
      const { window, start, ready } = windowOf(['a'], ['a', 3], ['b']);
      const first = start();
      if (window.barrier !== undefined) window.lift(window.barrier);
      expect(ready()).toBe(3);
      start();
      window.end(first, 'finished');
      expect([ready(), window.next()?.isExclusive]).toEqual([2, false]);
    });

    it('keeps the order of its key when it is lifted while it is in flight', () => {
      const { window, startBarrier, ready } = windowOf(['a', 3], ['a'], ['b']);
      const exclusive = startBarrier();
      window.lift(exclusive);
      expect(ready()).toBe(3);
      expect(window.inFlight).toEqual([exclusive]);
    });

    it.each([
      [2, undefined],
      [3, { isExclusive: true, isCrashing: false }],
      [4, { isExclusive: true, isCrashing: false }],
      [5, { isExclusive: true, isCrashing: true }],
    ])('with maxDeliveries 4, holds others back for delivery %d: %j', (deliveryCount, barrier) => {
      const { window } = windowOf(['a', deliveryCount]);
      if (barrier === undefined) expect(window.barrier).toBeUndefined();
      else expect(window.barrier).toMatchObject(barrier);
    });

    it('forgets it with the waiting ones', () => {
      const { window } = windowOf(['a', 3], ['b']);
      window.abandonWaiting();
      expect([window.barrier, window.unfinished]).toEqual([undefined, 0]);
    });
  });
});
