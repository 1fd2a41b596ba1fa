import { describe, expect, it } from 'vitest';
import { mergeGenerators } from './merge-generators.js';

describe('mergeGenerators', () => {
  it('yields from those that have something, and lets none run ahead', async () => {
    let produced = 0;
    async function* quick() {
      for (; produced < 3; ) yield ++produced;
    }
    async function* silent(): AsyncGenerator<number> {
      await new Promise((resolve) => setImmediate(resolve));
      yield 0;
    }
    const seen: number[] = [];
    for await (const value of mergeGenerators([quick(), silent()])) {
      seen.push(value);
      expect(produced).toBeLessThanOrEqual(seen.length + 1);
    }
    expect(seen.sort()).toEqual([0, 1, 2, 3]);
  });

  it('throws what one of them throws, and ends the others', async () => {
    let isEnded = false;
    async function* endless() {
      try {
        for (;;) yield 1;
      } finally {
        isEnded = true;
      }
    }
    async function* failing(): AsyncGenerator<number> {
      yield 2;
      throw new Error('refused');
    }
    const reading = (async () => {
      for await (const _ of mergeGenerators([endless(), failing()]));
    })();
    await expect(reading).rejects.toThrow('refused');
    expect(isEnded).toBe(true);
  });
});
