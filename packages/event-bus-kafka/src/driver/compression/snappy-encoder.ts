import { copyBytes } from './copy-bytes.js';
import { BLOCK_BYTES, findMatches } from './match-finder.js';
import { SLICE_BYTES } from './sliced.js';

/**
 * Compresses with snappy in the framing of Java's producer (xerial): blocks of 64 KiB by themselves, each after its size.
 *
 * Yields after each `SLICE_BYTES`.
 */
export function* encodeSnappy(bytes: Uint8Array): Generator<void, Uint8Array> {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const most = Math.ceil((bytes.length * 7) / 6) + blocks * (SIZE_BYTES + BLOCK_GROWTH);
  const framed = new Uint8Array(HEADER.length + most);
  const view = new DataView(framed.buffer);
  framed.set(HEADER);
  let to = HEADER.length;
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    if (at > 0 && at % SLICE_BYTES === 0) yield;
    const end = Math.min(at + BLOCK_BYTES, bytes.length);
    const blockEnd = encodeBlock(bytes, at, end, framed, to + SIZE_BYTES);
    view.setUint32(to, blockEnd - to - SIZE_BYTES);
    to = blockEnd;
  }
  return framed.subarray(0, to);
}

/** 0x82 SNAPPY 0, and version 1 that readers of version 1 understand. */
const HEADER = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1];
const SIZE_BYTES = 4;
/** A block that does not shrink grows by this and a sixth, as in snappy's own `MaxCompressedLength`. */
const BLOCK_GROWTH = 32;

/** @returns the end of the block */
function encodeBlock(bytes: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  let to = writeVarint(end - start, into, at);
  const lastLiterals = findMatches(bytes, start, end, (literalsAt, matchAt, distance, length) => {
    to = writeLiterals(bytes, literalsAt, matchAt, into, to);
    to = writeCopy(distance, length, into, to);
  });
  return writeLiterals(bytes, lastLiterals, end, into, to);
}

function writeVarint(value: number, into: Uint8Array, at: number): number {
  let to = at;
  let left = value;
  for (; left >= 0x80; left >>= 7) into[to++] = left | 0x80;
  into[to] = left;
  return to + 1;
}

function writeLiterals(bytes: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  const length = end - start;
  if (length === 0) return at;
  let to = at;
  if (length <= 60) into[to++] = (length - 1) << 2;
  else if (length <= 0x100) {
    into[to++] = 60 << 2;
    into[to++] = length - 1;
  } else {
    into[to++] = 61 << 2;
    into[to++] = (length - 1) & 0xff;
    into[to++] = (length - 1) >> 8;
  }
  copyBytes(bytes, start, end, into, to);
  return to + length;
}

/** A copy has at most 64 bytes: a longer one is several. No copy is left with less than four bytes. */
function writeCopy(distance: number, length: number, into: Uint8Array, at: number): number {
  let to = at;
  let left = length;
  while (left > 64) {
    const part = left >= 68 ? 64 : 60;
    to = writeLongCopy(distance, part, into, to);
    left -= part;
  }
  if (left >= 12 || distance >= 2048) return writeLongCopy(distance, left, into, to);
  into[to] = ((distance >> 8) << 5) | ((left - 4) << 2) | 1;
  into[to + 1] = distance & 0xff;
  return to + 2;
}

function writeLongCopy(distance: number, length: number, into: Uint8Array, at: number): number {
  into[at] = ((length - 1) << 2) | 2;
  into[at + 1] = distance & 0xff;
  into[at + 2] = distance >> 8;
  return at + 3;
}
