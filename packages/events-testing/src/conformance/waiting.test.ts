import { describe, expect, it } from 'vitest';
import { eventually, within } from './waiting.js';

describe('eventually', () => {
  it('looks until there is something', async () => {
    let looks = 0;
    expect(await eventually('a third look', 1_000, () => (++looks === 3 ? 'there' : undefined))).toBe(
      'there',
    );
  });

  it('reports what did not happen', async () => {
    await expect(eventually('rain', 1, () => undefined)).rejects.toThrow('not within 1 ms: rain');
  });
});

describe('within', () => {
  it('settles as the promise does', async () => {
    expect(await within('an answer', 1_000, Promise.resolve(7))).toBe(7);
    await expect(within('an answer', 1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('rejects after the time', async () => {
    await expect(within('an answer', 1, new Promise(() => {}))).rejects.toThrow('not within 1 ms: an answer');
  });
});
