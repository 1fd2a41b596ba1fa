import { describe, expect, it } from 'vitest';
import { chunksOf } from './chunks-of.js';
import { entryFor } from './entry.test-support.js';

describe('chunksOf', () => {
  const entries = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, index) => entryFor('t', `${index}`, { record: new Uint8Array(bytes) }));
  const sizesOf = (chunks: Iterable<readonly unknown[]>) => [...chunks].map(({ length }) => length);

  it('divides by number, in order', () => {
    const all = entries(2_500, 1);
    expect(sizesOf(chunksOf(all))).toEqual([1_000, 1_000, 500]);
    expect([...chunksOf(all)].flat()).toEqual(all);
    expect(sizesOf(chunksOf([]))).toEqual([]);
  });

  it('divides by bytes, and keeps a larger entry whole', () => {
    expect(sizesOf(chunksOf(entries(5, 400), 1_200))).toEqual([2, 2, 1]);
    expect(sizesOf(chunksOf(entries(3, 5_000), 1_200))).toEqual([1, 1, 1]);
  });
});
