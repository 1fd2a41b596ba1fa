import { copyBytes } from './copy-bytes.js';
import { BLOCK_BYTES, findMatches } from './match-finder.js';
import { SLICE_BYTES } from './sliced.js';

/**
 * Compresses to an LZ4 frame as Java's producer writes it: blocks of 64 KiB that do not refer to each other, without
 * checksums of blocks and content. Brokers refuse frames whose blocks refer to each other.
 *
 * Yields after each `SLICE_BYTES`.
 */
export function* encodeLz4(bytes: Uint8Array): Generator<void, Uint8Array> {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const frame = new Uint8Array(HEADER.length + bytes.length + blocks * SIZE_BYTES + SIZE_BYTES);
  const view = new DataView(frame.buffer);
  frame.set(HEADER);
  let to = HEADER.length;
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    if (at > 0 && at % SLICE_BYTES === 0) yield;
    const end = Math.min(at + BLOCK_BYTES, bytes.length);
    const size = encodeBlock(bytes, at, end);
    const isSmaller = size < end - at;
    view.setUint32(to, isSmaller ? size : (STORED | (end - at)) >>> 0, true);
    to += SIZE_BYTES;
    frame.set(isSmaller ? block.subarray(0, size) : bytes.subarray(at, end), to);
    to += isSmaller ? size : end - at;
  }
  return frame.subarray(0, to + SIZE_BYTES); // the end mark is a size of zero
}

/** Magic number, version 1 with independent blocks, blocks of 64 KiB, and the checksum of these two bytes. */
const HEADER = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
const SIZE_BYTES = 4;
/** Marks the size of a block that is stored as it is. */
const STORED = 0x80000000;

/** A block that does not shrink grows by a byte for each 255 literals. */
const block = new Uint8Array(BLOCK_BYTES + Math.ceil(BLOCK_BYTES / 255) + 16);

/** @returns the size of the block */
function encodeBlock(bytes: Uint8Array, start: number, end: number): number {
  let to = 0;
  const lastLiterals = findMatches(bytes, start, end, (literalsAt, matchAt, distance, length) => {
    to = writeSequence(bytes, literalsAt, matchAt, length - LEAST_MATCH, to);
    block[to - 1] = distance >> 8;
    block[to - 2] = distance & 0xff;
    if (length - LEAST_MATCH >= LONG) to = writeLength(length - LEAST_MATCH - LONG, to);
  });
  return writeSequence(bytes, lastLiterals, end, -1, to);
}

const LEAST_MATCH = 4;
/** From this value on a length has more bytes. */
const LONG = 15;

/** Writes token and literals, and leaves room for the distance of a match; @param match -1 for none */
function writeSequence(bytes: Uint8Array, start: number, end: number, match: number, at: number): number {
  const count = end - start;
  block[at] = (Math.min(count, LONG) << 4) | Math.min(Math.max(match, 0), LONG);
  let to = at + 1;
  if (count >= LONG) to = writeLength(count - LONG, to);
  copyBytes(bytes, start, end, block, to);
  return to + count + (match < 0 ? 0 : 2);
}

function writeLength(length: number, at: number): number {
  let to = at;
  let left = length;
  for (; left >= 255; left -= 255) block[to++] = 255;
  block[to] = left;
  return to + 1;
}
