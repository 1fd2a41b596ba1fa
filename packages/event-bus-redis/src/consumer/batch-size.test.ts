import { expect, it } from 'vitest';
import { BatchSize } from './batch-size.js';

it('shrinks when reads fail, to one entry at the least, and grows with full batches up to the configured size', () => {
  const batch = new BatchSize(100);
  expect(batch.size).toBe(100);
  for (const size of [25, 6, 1, 1]) {
    batch.shrink();
    expect(batch.size).toBe(size);
  }
  batch.grow(0);
  expect(batch.size).toBe(1);
  for (let read = 0; read < 20; read += 1) batch.grow(batch.size);
  expect(batch.size).toBeGreaterThan(50);
  for (let read = 0; read < 20; read += 1) batch.grow(batch.size);
  expect(batch.size).toBe(100);
});

it('lets a reply have as many entries as fit maxBytes, and learns that from few', () => {
  const batch = new BatchSize(100, 8_000);
  expect([batch.size, batch.sizeOf(4), batch.sizeOf(40)]).toEqual([16, 4, 1]);
  batch.grow(16, 16 * 1_000);
  expect([batch.size, batch.sizeOf(4)]).toEqual([8, 2]);
  batch.grow(1, 9_000);
  expect(batch.size).toBe(1);
  for (const size of [2, 4, 8, 16, 32, 64, 100, 100]) {
    batch.grow(batch.size, batch.size * 10);
    expect(batch.size).toBe(size);
  }
  batch.grow(0);
  expect(batch.size).toBe(100);
});
