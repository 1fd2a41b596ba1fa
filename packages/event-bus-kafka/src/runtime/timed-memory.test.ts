import { type Clock, configureEvents } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TimedMemory } from './timed-memory.js';

let nowMs = 0;
let restore: Disposable;

beforeEach(() => {
  nowMs = 0;
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  restore = configureEvents({ clock });
});
afterEach(() => restore[Symbol.dispose]());

describe('TimedMemory', () => {
  it('forgets an entry when its time is over', () => {
    const memory = new TimedMemory<string, number>({ keepMs: 10, capacity: 2 });
    memory.set('a', 1);
    nowMs = 9;
    expect(memory.get('a')).toBe(1);
    nowMs = 10;
    expect(memory.get('a')).toBeUndefined();
  });

  it('forgets the oldest entry when there are too many', () => {
    const memory = new TimedMemory<string, number>({ keepMs: 10, capacity: 2 });
    for (const [index, key] of ['a', 'b', 'c'].entries()) memory.set(key, index);
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toStrictEqual([undefined, 1, 2]);
  });

  it('forgets the oldest entries when all together cost too much, and keeps the newest whatever it costs', () => {
    const costOf = (text: string) => text.length;
    const memory = new TimedMemory<string, string>({ keepMs: 10, capacity: 9, maxCost: 5, costOf });
    memory.set('a', 'xx');
    memory.set('b', 'xxx');
    memory.set('a', 'x');
    expect([memory.get('a'), memory.get('b')]).toStrictEqual(['x', 'xxx']);
    memory.set('c', 'xxxxxxxx');
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toStrictEqual([undefined, undefined, 'xxxxxxxx']);
    memory.set('d', 'xxxxx');
    expect([memory.get('c'), memory.get('d')]).toStrictEqual([undefined, 'xxxxx']);
  });
});
