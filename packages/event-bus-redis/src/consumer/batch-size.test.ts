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
