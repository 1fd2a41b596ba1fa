import { crc32 } from 'node:zlib';
import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Chooses a partition for a message's key. Without a key, any of the `available` partitions will do, which are all by
 * default; an empty key counts as none for `crc32`.
 */
export type Partitioner = (
  key: Uint8Array | null,
  partitionCount: number,
  available?: readonly number[],
) => number;

/**
 * The partitioner of a name. `crc32` is what librdkafka calls `consistent_random`, the default of the Python services;
 * `murmur2` is the default of Java and kafkajs clients. Both hash the whole key, a schema id in front included.
 */
export function partitionerOf(name: 'crc32' | 'murmur2'): Partitioner {
  return name === 'crc32' ? byCrc32 : byMurmur2;
}

const byCrc32: Partitioner = (key, partitionCount, available) =>
  key === null || key.length === 0 ? anyOf(partitionCount, available) : crc32(key) % partitionCount;

const byMurmur2: Partitioner = (key, partitionCount, available) =>
  key === null ? anyOf(partitionCount, available) : (murmur2(key) & 0x7fffffff) % partitionCount;

function anyOf(partitionCount: number, available: readonly number[] = []): number {
  const chosen = Math.floor(runtime().random() * (available.length || partitionCount));
  return available[chosen] ?? chosen;
}

/** MurmurHash2 of 32 bits with the seed of Kafka's Java client. */
function murmur2(data: Uint8Array): number {
  const { length } = data;
  const byte = (index: number) => data[index] as number;
  let hash = 0x9747b28c ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    const mixed = Math.imul(word, multiplier);
    hash = Math.imul(hash, multiplier) ^ Math.imul(mixed ^ (mixed >>> 24), multiplier);
  }
  const left = length - at;
  if (left >= 3) hash ^= byte(at + 2) << 16;
  if (left >= 2) hash ^= byte(at + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ byte(at), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

const multiplier = 0x5bd1e995;
