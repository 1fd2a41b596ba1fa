import { describe, expect, it } from 'vitest';
import { andThen } from './and-then.js';

describe('andThen', () => {
  it('goes on at once with a value, and makes no promise of it', () => {
    expect(andThen(2, (value) => value + 1)).toBe(3);
    expect(andThen(undefined, () => 'next')).toBe('next');
  });

  it('goes on when a promise is fulfilled', async () => {
    const result = andThen(Promise.resolve(2), async (value) => value + 1);
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe(3);
  });

  it('does not go on when it is rejected', async () => {
    let went = false;
    const result = andThen(Promise.reject(new Error('broken')), () => {
      went = true;
    });
    await expect(result).rejects.toThrow('broken');
    expect(went).toBe(false);
  });

  it('throws or rejects with what the next step throws', async () => {
    const next = () => {
      throw new Error('next');
    };
    expect(() => andThen(1, next)).toThrow('next');
    await expect(andThen(Promise.resolve(1), next)).rejects.toThrow('next');
  });
});
