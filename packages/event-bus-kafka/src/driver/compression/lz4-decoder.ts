import { copyBytes } from './copy-bytes.js';
import { copyMatch } from './copy-match.js';
import { damaged } from './damaged.js';
import { type Lz4Block, type Lz4Frame, readLz4Frame } from './lz4-frame.js';
import { SLICE_BYTES } from './sliced.js';
import { tooLarge } from './too-large.js';
import { xxh32 } from './xxh32.js';

/**
 * Decompresses an LZ4 frame (magic number 0x184D2204) and verifies its checksums. The lengths of all blocks are read
 * first, so that nothing is allocated for too many bytes.
 *
 * Yields after each `SLICE_BYTES`, or after the block that exceeds them (at most 4 MiB).
 *
 * @throws RangeError when there are more than `maxBytes`, or the bytes are damaged
 */
export function* decodeLz4(bytes: Buffer, maxBytes: number): Generator<void, Buffer> {
  const frame = readLz4Frame(bytes);
  if ((frame.contentBytes ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let length = 0;
  for (const block of frame.blocks) {
    length += decodedLength(bytes, block, frame.maxBlockBytes);
    if (length > maxBytes) throw tooLarge(maxBytes);
  }
  if (frame.contentBytes !== undefined && frame.contentBytes !== length)
    throw damaged('lz4 declares another number of bytes than there are');
  const into = Buffer.allocUnsafe(length);
  let to = 0;
  let pauseAt = SLICE_BYTES;
  for (const block of frame.blocks) {
    to = decodeBlock(bytes, block, frame, into, to);
    if (to < pauseAt) continue;
    yield;
    pauseAt = to + SLICE_BYTES;
  }
  if (frame.contentChecksum !== undefined && frame.contentChecksum !== xxh32(into))
    throw damaged('the checksum of lz4 differs');
  return into;
}

/** Returns how many bytes a block has once it is decompressed, and verifies all lengths in it. */
function decodedLength(bytes: Buffer, block: Lz4Block, maxBytes: number): number {
  let length = 0;
  if (block.isStored) return block.end - block.at;
  walkBlock(bytes, block, (_literalsAt, literals, match) => {
    length += literals + match;
    if (length > maxBytes) throw damaged('a block of lz4 is too long');
  });
  return length;
}

/** Decompresses a block whose lengths are verified. @returns where the next block goes */
function decodeBlock(bytes: Buffer, block: Lz4Block, frame: Lz4Frame, into: Buffer, start: number): number {
  if (block.isStored) return start + bytes.copy(into, start, block.at, block.end);
  const first = frame.areIndependent ? start : 0;
  let to = start;
  walkBlock(bytes, block, (literalsAt, literals, match, distance) => {
    copyBytes(bytes, literalsAt, literalsAt + literals, into, to);
    to += literals;
    if (match === 0) return;
    if (distance === 0 || distance > to - first) throw damaged('a distance in a block of lz4 is wrong');
    copyMatch(into, to, distance, match);
    to += match;
  });
  return to;
}

/** Called for literals and the repetition after them, whose length is 0 behind the last literals of a block. */
type OnSequence = (literalsAt: number, literals: number, match: number, distance: number) => void;

function walkBlock(bytes: Buffer, { at: start, end }: Lz4Block, onSequence: OnSequence): void {
  for (let at = start; ; ) {
    const token = bytes[at++] as number;
    let literals = token >> 4;
    for (let byte = literals === LONG ? 255 : 0; byte === 255; literals += byte) byte = bytes[at++] ?? 0;
    const literalsAt = at;
    at += literals;
    if (at === end) {
      onSequence(literalsAt, literals, 0, 0);
      return;
    }
    if (at + DISTANCE_BYTES >= end) throw damaged('a block of lz4 is cut off');
    const distance = bytes.readUInt16LE(at);
    at += DISTANCE_BYTES;
    let match = (token & 15) + LEAST_MATCH;
    const isLong = (token & 15) === LONG;
    for (let byte = isLong ? 255 : 0; byte === 255; match += byte) byte = bytes[at++] ?? 0;
    if (at >= end) throw damaged('a block of lz4 is cut off');
    onSequence(literalsAt, literals, match, distance);
  }
}

/** From this value on a length has more bytes. */
const LONG = 15;
const LEAST_MATCH = 4;
const DISTANCE_BYTES = 2;
