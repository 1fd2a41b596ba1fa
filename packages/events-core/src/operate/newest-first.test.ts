import { describe, expect, it } from 'vitest';
import { newestFirst } from './newest-first.js';
import type { StoredMessage } from './stored-message.js';

const at = (position: string, storedAt: number | null): StoredMessage => ({
  message: { topic: 'orders', key: null, value: null, headers: [] },
  lane: 'orders/0',
  position,
  storedAt,
});

const positionsOf = (messages: readonly StoredMessage[]) => messages.map(({ position }) => position);

describe('newestFirst', () => {
  it('merges lanes by time, newest first', () => {
    const lanes = [
      [at('0:1', 10), at('0:2', 40)],
      [at('1:1', 20), at('1:2', 30)],
    ];
    expect(positionsOf(newestFirst(lanes, 10))).toEqual(['0:2', '1:2', '1:1', '0:1']);
    expect(positionsOf(newestFirst(lanes, 2))).toEqual(['0:2', '1:2']);
  });

  it('keeps the order of a lane whose clock went backwards', () => {
    const lanes = [[at('0:1', 50), at('0:2', 10)], [at('1:1', 20)]];
    expect(positionsOf(newestFirst(lanes, 10))).toEqual(['1:1', '0:2', '0:1']);
  });

  it('puts messages without a time last', () => {
    expect(positionsOf(newestFirst([[at('0:1', null)], [at('1:1', 1)]], 10))).toEqual(['1:1', '0:1']);
  });
});
