import { gzipSync } from 'node:zlib';
import type { Field } from './hostile-bytes.js';
import { int16, int32, int64 } from './raw-kafka.js';

/** A record of a batch. */
export interface RawRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Field[];
}

/** A record batch, of which everything can be wrong. */
export interface RawBatch {
  readonly records: Buffer;
  readonly count: number;
  readonly attributes?: number;
  readonly lastOffsetDelta?: number;
  readonly producerId?: bigint;
}

/** The bytes of a batch of message format 2, with the right length and check sum. */
export function batchBytes({
  records,
  count,
  attributes = 0,
  lastOffsetDelta = count - 1,
  producerId = -1n,
}: RawBatch): Buffer {
  const at = int64(BigInt(Date.now()));
  const body = Buffer.concat([
    int16(attributes),
    int32(lastOffsetDelta),
    at,
    at,
    int64(producerId),
    int16(-1),
    int32(-1),
    int32(count),
    records,
  ]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32c(body));
  return Buffer.concat([int64(0n), int32(body.length + 9), int32(-1), Buffer.from([2]), crc, body]);
}

/** The bytes of some records, packed where asked for. */
export function recordBytes(records: readonly RawRecord[]): Buffer {
  return Buffer.concat(records.map((record, index) => oneRecord(record, index)));
}

/** The attribute of gzip, and the records in it. */
export function inGzip(records: Buffer): { readonly attributes: number; readonly records: Buffer } {
  return { attributes: 1, records: gzipSync(records, { level: 1 }) };
}

/** A batch that takes little room in Kafka, and unpacked a share of a lot. */
export function bombOf(kind: 'bytes' | 'records' | 'headers', share: number): RawBatch {
  const nothing = { key: null, value: null, headers: [] };
  switch (kind) {
    case 'bytes': {
      const value = Buffer.alloc(Math.floor(share * 40_000_000));
      return { ...inGzip(recordBytes([{ ...nothing, value }])), count: 1 };
    }
    case 'records': {
      const count = Math.floor(share * 500_000);
      const records = Array.from({ length: count }, () => nothing);
      return { ...inGzip(recordBytes(records)), count };
    }
    case 'headers': {
      const count = Math.floor(share * 100);
      const headers = Array.from({ length: 9_999 }, (): Field => ['x', Buffer.alloc(0)]);
      const one = { ...nothing, headers };
      return { ...inGzip(recordBytes(Array.from({ length: count }, () => one))), count };
    }
  }
}

function oneRecord({ key, value, headers }: RawRecord, index: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(0),
    varint(index),
    bytesOrNull(key),
    bytesOrNull(value),
    varint(headers.length),
    ...headers.flatMap(([name, bytes]) => [bytesOrNull(Buffer.from(name)), bytesOrNull(bytes)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function bytesOrNull(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);
}

/** A zigzag number. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  return Buffer.from([...bytes, left]);
}

function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Castagnoli's polynomial, bits reversed. */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});
