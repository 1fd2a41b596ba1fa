import { describe, expect, it } from 'vitest';
import { LANES, laneOf, lanesOf } from './lane-of.js';

describe('laneOf', () => {
  it.each([
    ['orders', 'A-17', 763],
    ['kurse', 'münchen', 431],
  ])('of %s and %s never changes', (topic, key, lane) => {
    expect(laneOf(topic, key)).toBe(lane);
  });

  it('is one of 1,024, and differs where topic and key are divided in another place', () => {
    const lanes = Array.from({ length: 20_000 }, (_, index) => laneOf('t', `key ${index}`));
    expect(new Set(lanes).size).toBe(LANES);
    expect(Math.min(...lanes)).toBe(0);
    expect(Math.max(...lanes)).toBe(LANES - 1);
    expect(laneOf('ab', 'c')).not.toBe(laneOf('a', 'bc'));
  });
});

describe('lanesOf', () => {
  it('has each lane once, in ascending order', () => {
    const entries = ['x', 'y', 'z', 'x'].map((key) => ({ topic: 't', key }));
    const lanes = lanesOf(entries);
    expect(lanes).toEqual(
      [...new Set(entries.map(({ topic, key }) => laneOf(topic, key)))].sort((a, b) => a - b),
    );
    expect(lanesOf([...entries].reverse())).toEqual(lanes);
  });
});
