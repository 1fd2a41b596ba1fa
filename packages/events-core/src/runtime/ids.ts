import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.js';

/**
 * Makes UUIDs of version 7 (RFC 9562): the time in milliseconds, then random bits. They sort by time, and tell nothing
 * of the machine, unlike the version 1 of the Python services.
 */
export function uuidV7Source(
  clock: Pick<Clock, 'now'>,
  fill: (bytes: Uint8Array) => void = randomFillSync,
): () => string {
  const pool = new Uint8Array(10 * 128);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      fill(pool);
      at = 0;
    }
    const time = Math.floor(clock.now()).toString(16).padStart(12, '0');
    const bytes = pool.subarray(at, at + 10);
    at += 10;
    bytes[0] = 0x70 | ((bytes[0] as number) & 0x0f);
    bytes[2] = 0x80 | ((bytes[2] as number) & 0x3f);
    let random = '';
    for (let index = 0; index < 10; index += 1) random += hex[bytes[index] as number];
    return `${time.slice(0, 8)}-${time.slice(8)}-${random.slice(0, 4)}-${random.slice(4, 8)}-${random.slice(8)}`;
  };
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
