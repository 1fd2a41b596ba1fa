import zlib from 'node:zlib';
import type { Compression } from './compression.js';

/** Bytes that a limit of 32 MiB must stop, and the reason that is given. */
export interface Bomb {
  readonly compression: Compression;
  readonly bytes: Buffer;
  readonly reason: RegExp;
}

const tooLarge = /more than 33554432 bytes/;
const damaged = /damaged/;

/** Few bytes that become many, and bytes that declare another size than they have. */
export const bombs: Readonly<Record<string, () => Bomb>> = {
  'gzip of 1 GiB in 1.05 MB': () => ({ compression: 'gzip', bytes: gzipBomb(2 ** 30), reason: tooLarge }),
  'gzip of 1 GiB that declares 1,000 bytes': () => ({
    compression: 'gzip',
    bytes: gzipBomb(1_000),
    reason: tooLarge,
  }),
  'zstd of 1 GiB in 33 KB': () => ({ compression: 'zstd', bytes: zstdBomb([0, 0x38]), reason: tooLarge }),
  'zstd that declares 1 GiB': () => ({
    compression: 'zstd',
    bytes: zstdBomb([0xa0, 0, 0, 0, 0x40]),
    reason: tooLarge,
  }),
  'zstd of 1 GiB that declares 300 bytes': () => ({
    compression: 'zstd',
    bytes: zstdBomb([0x60, 44, 0]),
    reason: /damaged|more than/,
  }),
  'zstd with a window of 2 GiB': () => ({
    compression: 'zstd',
    bytes: zstdBomb([0, 0xa8]),
    reason: /damaged|more/,
  }),
  'snappy that declares 4 GiB': () => ({
    compression: 'snappy',
    bytes: Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 65]),
    reason: tooLarge,
  }),
  'snappy of 22 MB that declares a byte': () => ({
    compression: 'snappy',
    bytes: snappyBomb([1]),
    reason: damaged,
  }),
  'snappy of 22 MB that declares 32 MiB': () => ({
    compression: 'snappy',
    bytes: snappyBomb([0x80, 0x80, 0x80, 0x10]),
    reason: damaged,
  }),
  'framed snappy whose blocks declare 1 GiB together': () => ({
    compression: 'snappy',
    bytes: Buffer.concat([
      Buffer.from('82534e41505059000000000100000001', 'hex'),
      ...Array(512).fill(Buffer.from([0, 0, 0, 4, 0x80, 0x80, 0x80, 1])),
    ]),
    reason: tooLarge,
  }),
  'framed snappy with a block of 4 GiB': () => ({
    compression: 'snappy',
    bytes: Buffer.from('82534e41505059000000000100000001ffffffff0000', 'hex'),
    reason: damaged,
  }),
  'lz4 of 1 GiB in 4.2 MB': () => ({ compression: 'lz4', bytes: lz4Bomb('607073'), reason: tooLarge }),
  'lz4 that declares 1 GiB': () => ({
    compression: 'lz4',
    bytes: Buffer.from('04224d18684000000040000000000000000000', 'hex'),
    reason: /checksum|more than/,
  }),
  'lz4 with a block of 2 GiB': () => ({
    compression: 'lz4',
    bytes: Buffer.from('04224d18604082ffffff7f0000', 'hex'),
    reason: damaged,
  }),
  'lz4 whose blocks are larger than it declares': () => ({
    compression: 'lz4',
    bytes: lz4Bomb('604082'),
    reason: damaged,
  }),
};

/** Deflated pieces of 16 MiB of zeros, and the size that is declared behind them. */
function gzipBomb(declared: number): Buffer {
  const { Z_FULL_FLUSH } = zlib.constants;
  const piece = zlib.deflateRawSync(Buffer.alloc(16 * 1024 * 1024), { finishFlush: Z_FULL_FLUSH });
  const end = Buffer.alloc(8);
  end.writeUInt32LE(declared, 4);
  const header = Buffer.from('1f8b0800000000000003', 'hex');
  return Buffer.concat([header, ...Array<Buffer>(64).fill(piece), zlib.deflateRawSync(''), end]);
}

/** 8,192 blocks that are 128 KiB of one byte each. */
function zstdBomb(header: readonly number[]): Buffer {
  const blocks = Array.from({ length: 8_192 }, (_, index) => {
    const block = Buffer.alloc(4);
    block.writeUInt32LE((131_072 << 3) | 2 | (index === 8_191 ? 1 : 0));
    return block;
  });
  return Buffer.concat([Buffer.from('28b52ffd', 'hex'), Buffer.from(header), ...blocks]);
}

/** A literal, and 350,000 copies of it that have 64 bytes each. */
function snappyBomb(declared: readonly number[]): Buffer {
  const copies = Buffer.alloc(1_050_000, Buffer.from([0xfe, 1, 0]));
  return Buffer.concat([Buffer.from([...declared, 0, 65]), copies]);
}

/** 256 blocks that are 4 MiB of zeros each. */
function lz4Bomb(header: string): Buffer {
  const block = Buffer.concat([
    Buffer.from('1f000100', 'hex'),
    Buffer.alloc(16_446, 0xff),
    Buffer.from('00500000000000', 'hex'),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(block.length);
  const blocks = Array<Buffer>(256).fill(Buffer.concat([size, block]));
  return Buffer.concat([Buffer.from(`04224d18${header}`, 'hex'), ...blocks, Buffer.alloc(4)]);
}
