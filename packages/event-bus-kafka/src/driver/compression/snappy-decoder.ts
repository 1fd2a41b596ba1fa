import { copyBytes } from './copy-bytes.js';
import { copyMatch } from './copy-match.js';
import { damaged } from './damaged.js';
import { SLICE_BYTES } from './sliced.js';
import { tooLarge } from './too-large.js';

/**
 * Decompresses snappy: one block as librdkafka writes it, or blocks in the framing of Java's producer (xerial). The
 * lengths that the blocks declare are added up first, so that nothing is allocated for too many.
 *
 * Yields after each `SLICE_BYTES`.
 *
 * @throws RangeError when there are more than `maxBytes`, or the bytes are damaged
 */
export function* decodeSnappy(bytes: Buffer, maxBytes: number): Generator<void, Buffer> {
  const blocks = isFramed(bytes) ? framedBlocks(bytes) : [{ at: 0, end: bytes.length }];
  const parts = blocks.map((block) => partOf(bytes, block));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > maxBytes) throw tooLarge(maxBytes);
  const into = Buffer.allocUnsafe(length);
  let to = 0;
  for (const part of parts) {
    yield* decodeElements(bytes, part, into, to);
    to += part.length;
  }
  return into;
}

interface Block {
  readonly at: number;
  readonly end: number;
}

/** A block behind the length that it declares. */
interface Part extends Block {
  readonly length: number;
}

/** Every block that xerial's framing starts with; bare snappy cannot start so, because it starts with a copy. */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** The magic bytes, the version, and the least version that can read it. */
const HEADER_BYTES = 16;
const SIZE_BYTES = 4;

function isFramed(bytes: Buffer): boolean {
  return bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

function framedBlocks(bytes: Buffer): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    if (at + SIZE_BYTES > bytes.length) throw damaged('a block of snappy is cut off');
    const start = at + SIZE_BYTES;
    const end = start + bytes.readUInt32BE(at);
    if (end > bytes.length || end === start) throw damaged('the size of a block of snappy is wrong');
    blocks.push({ at: start, end });
    at = end;
  }
  return blocks;
}

/** Reads the length that a block declares: up to 32 bits, seven a byte. */
function partOf(bytes: Buffer, { at, end }: Block): Part {
  let length = 0;
  for (let index = 0; index < 5 && at + index < end; index += 1) {
    const byte = bytes[at + index] as number;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { at: at + index + 1, end, length };
  }
  throw damaged('the length of a block of snappy is wrong');
}

function* decodeElements(bytes: Buffer, part: Part, into: Buffer, start: number): Generator<void, void> {
  const { end } = part;
  const last = start + part.length;
  let { at } = part;
  let to = start;
  let pauseAt = nextPause(to);
  while (at < end) {
    const tag = bytes[at] as number;
    const kind = tag & 3;
    at += 1;
    if (kind === LITERALS) {
      let length = (tag >> 2) + 1;
      if (length > 60) {
        const size = length - 60;
        if (at + size > end) throw damaged('literals of snappy are cut off');
        length = bytes.readUIntLE(at, size) + 1;
        at += size;
      }
      if (at + length > end || to + length > last) throw damaged('literals of snappy are too long');
      copyBytes(bytes, at, at + length, into, to);
      at += length;
      to += length;
    } else {
      const size = kind === 3 ? 4 : kind;
      if (at + size > end) throw damaged('a copy of snappy is cut off');
      const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const distance = kind === 1 ? ((tag >> 5) << 8) | (bytes[at] as number) : bytes.readUIntLE(at, size);
      at += size;
      if (distance === 0 || distance > to - start || to + length > last)
        throw damaged('a copy of snappy is wrong');
      copyMatch(into, to, distance, length);
      to += length;
    }
    if (to >= pauseAt) {
      yield;
      pauseAt = nextPause(to);
    }
  }
  if (to !== last) throw damaged('snappy declares more bytes than there are');
}

const LITERALS = 0;

function nextPause(to: number): number {
  return to - (to % SLICE_BYTES) + SLICE_BYTES;
}
