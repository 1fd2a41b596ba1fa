import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { fromEntryFields, toEntryFields } from './stream-entry.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** On a fresh stack, which holds nothing of what was read. */
async function arrayBufferBytes(): Promise<number> {
  await new Promise(setImmediate);
  collect();
  return process.memoryUsage().arrayBuffers;
}

function readLargeNames(): void {
  const names = Array.from({ length: 8 }, () => Buffer.alloc(1_000_000, 'n'));
  const fields = names.flatMap((name) => [name, Buffer.from('value')]);
  expect(fromEntryFields('orders', fields).headers).toHaveLength(8);
}

describe('toEntryFields', () => {
  it('writes a header whose value is null as an empty one, as fields have no null', () => {
    const fields = toEntryFields({ topic: 't', key: null, value: null, headers: [['x', null]] });
    expect(fields).toEqual(['x', new Uint8Array(0)]);
  });
});

describe('fromEntryFields', () => {
  it('keeps no large field name of an entry once the entry is gone', async () => {
    const before = await arrayBufferBytes();
    for (let entry = 0; entry < 4; entry += 1) readLargeNames();
    const kept = async () => (await arrayBufferBytes()) - before;
    await expect.poll(kept, { timeout: 60_000 }).toBeLessThan(1_000_000); // freed in the background
  });

  it('reads names of every length, again and again', () => {
    for (const length of [1, 256, 257, 1, 300]) {
      const fields = [Buffer.alloc(length, 'n'), Buffer.from('value')];
      expect(fromEntryFields('orders', fields).headers).toEqual([['n'.repeat(length), fields[1]]]);
    }
  });
});
