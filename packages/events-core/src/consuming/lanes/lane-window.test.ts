import { describe, expect, it } from 'vitest';
import { LaneWindow } from './lane-window.js';
import { keyed } from './lane-worker.test-support.js';

describe('LaneWindow', () => {
  it('keeps no message of what is handled and waits for an older one, and gives both ordinals when that is finished', () => {
    const window = new LaneWindow({ maxDeliveries: 10, keyOf: ({ message }) => String(message.key) });
    const [older, newer] = ['a', 'b'].map((key, index) => {
      window.admit(keyed(key, index + 1));
      const entry = window.next(true);
      if (entry === undefined) throw new TypeError('nothing may begin');
      window.begin(entry);
      return entry;
    });
    if (older === undefined || newer === undefined) throw new TypeError('two are in hand');
    expect(window.end(newer, 'finished')).toEqual([]);
    expect(newer.delivery.message.key).toBeNull();
    expect([window.unfinished, window.finished]).toEqual([1, 1]);
    expect(window.end(older, 'finished')).toEqual([1, 2]);
    expect([window.unfinished, window.finished]).toEqual([0, 0]);
  });
});
