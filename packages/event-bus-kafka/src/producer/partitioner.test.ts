import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { partitionerOf } from './partitioner.js';

interface Captured {
  readonly partitions: number;
  readonly keys: readonly { readonly key_hex: string | null; readonly partition: number }[];
}

const file = new URL('../../../../interop/data/wire/kafka_partitioner.json', import.meta.url);
const captured = JSON.parse(readFileSync(file, 'utf8')) as Captured;
const keyed = captured.keys.filter(({ key_hex }) => key_hex !== null && key_hex !== '');

describe('partitionerOf', () => {
  it.each(keyed)('crc32 puts $key_hex where a Python producer put it', ({ key_hex, partition }) => {
    expect(partitionerOf('crc32')(Buffer.from(key_hex as string, 'hex'), captured.partitions)).toBe(
      partition,
    );
  });

  it.each([
    ['00000000010c666f6f626f62', [0, 1, 3, 9]],
    ['00000000010e666f6f626f6230', [1, 3, 1, 7]],
    ['0000000003f601', [0, 2, 0, 6]],
  ])('crc32 agrees with librdkafka on %s for 3, 4, 6 and 12 partitions', (hex, expected) => {
    const key = Buffer.from(hex, 'hex');
    expect([3, 4, 6, 12].map((count) => partitionerOf('crc32')(key, count))).toStrictEqual(expected);
  });

  it('crc32 spreads messages without a key, or with an empty one', () => {
    const empty = [null, Buffer.alloc(0)].map((key) =>
      Array.from({ length: 200 }, () => partitionerOf('crc32')(key, 3)),
    );
    expect(empty.map((partitions) => [...new Set(partitions)].sort())).toStrictEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('murmur2 agrees with kafkajs and Java on every key', () => {
    const theirs = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 50 }), (bytes, count) => {
        const key = Buffer.from(bytes);
        const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
          partitionId,
          leader: 0,
        }));
        const partition = theirs({ topic: 't', partitionMetadata, message: { key, value: null } } as never);
        return partitionerOf('murmur2')(key, count) === partition;
      }),
    );
  });

  it('stays within the partitions there are', () => {
    fc.assert(
      fc.property(
        fc.option(fc.uint8Array()),
        fc.integer({ min: 1, max: 1000 }),
        fc.constantFrom('crc32' as const, 'murmur2' as const),
        (key, count, name) => {
          const partition = partitionerOf(name)(key, count);
          return Number.isInteger(partition) && partition >= 0 && partition < count;
        },
      ),
    );
  });
});
