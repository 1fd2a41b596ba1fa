import { damaged } from './damaged.js';
import { xxh32 } from './xxh32.js';

/** A block of an LZ4 frame: where its bytes are. */
export interface Lz4Block {
  readonly at: number;
  readonly end: number;
  /** Whether the block is not compressed. */
  readonly isStored: boolean;
}

/** What an LZ4 frame declares of its content, and its blocks in order. */
export interface Lz4Frame {
  readonly blocks: readonly Lz4Block[];
  /** Whether no block refers to an earlier one. */
  readonly areIndependent: boolean;
  /** Most bytes of a block once it is decompressed. */
  readonly maxBlockBytes: number;
  readonly contentBytes: number | undefined;
  readonly contentChecksum: number | undefined;
}

/**
 * Reads the structure of an LZ4 frame, and verifies the checksums of its header and blocks.
 *
 * @throws RangeError when it is damaged
 */
export function readLz4Frame(bytes: Buffer): Lz4Frame {
  const header = readHeader(bytes);
  const blocks: Lz4Block[] = [];
  let { at } = header;
  for (;;) {
    if (at + SIZE_BYTES > bytes.length) throw damaged('an lz4 frame is cut off');
    const size = bytes.readUInt32LE(at);
    at += SIZE_BYTES;
    if (size === END_MARK) break;
    const end = at + (size & ~STORED);
    const next = end + (header.haveChecksums ? SIZE_BYTES : 0);
    if (end === at || next > bytes.length || end - at > header.maxBlockBytes)
      throw damaged('the size of a block of lz4 is wrong');
    if (header.haveChecksums && xxh32(bytes.subarray(at, end)) !== bytes.readUInt32LE(end))
      throw damaged('the checksum of a block of lz4 differs');
    blocks.push({ at, end, isStored: size >= STORED });
    at = next;
  }
  if (header.hasContentChecksum && at + SIZE_BYTES > bytes.length) throw damaged('an lz4 frame is cut off');
  const contentChecksum = header.hasContentChecksum ? bytes.readUInt32LE(at) : undefined;
  return { ...header, blocks, contentChecksum };
}

const SIZE_BYTES = 4;
const END_MARK = 0;
/** Marks the size of a block that is stored as it is. */
const STORED = 0x80000000;
const MAGIC = 0x184d2204;

function readHeader(bytes: Buffer) {
  if (bytes.length < LEAST_HEADER || bytes.readUInt32LE(0) !== MAGIC) throw damaged('there is no lz4 frame');
  const flags = bytes[4] as number;
  const sizeCode = ((bytes[5] as number) >> 4) & 7;
  const hasContentBytes = (flags & 0x08) !== 0;
  const end = LEAST_HEADER - 1 + (hasContentBytes ? 8 : 0);
  const isKnown = flags >> 6 === 1 && (flags & HAS_DICTIONARY) === 0 && sizeCode >= 4;
  if (!isKnown || end >= bytes.length) throw damaged('the header of an lz4 frame is wrong');
  if (((xxh32(bytes.subarray(4, end)) >>> 8) & 0xff) !== bytes[end])
    throw damaged('the checksum of the header of an lz4 frame differs');
  return {
    at: end + 1,
    areIndependent: (flags & 0x20) !== 0,
    haveChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 0x04) !== 0,
    contentBytes: hasContentBytes ? Number(bytes.readBigUInt64LE(6)) : undefined,
    maxBlockBytes: 4 ** (sizeCode - 4) * 64 * 1024,
  };
}

/** Magic number, flags, size of blocks, checksum. */
const LEAST_HEADER = 7;
const HAS_DICTIONARY = 0x01;
