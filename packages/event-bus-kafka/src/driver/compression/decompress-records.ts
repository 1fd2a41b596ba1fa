import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Compression } from './compression.js';
import { damaged } from './damaged.js';
import { decodeLz4 } from './lz4-decoder.js';
import { MissingCodecError } from './missing-codec-error.js';
import { sliced } from './sliced.js';
import { decodeSnappy } from './snappy-decoder.js';
import { tooLarge } from './too-large.js';
import { zstd } from './zstd.js';
import { declaredZstdBytes } from './zstd-header.js';

/**
 * Decompresses the records of a batch. What declares more bytes than allowed is refused before anything is allocated.
 *
 * @throws MissingCodecError when nothing here can decompress zstd
 * @throws RangeError when there are more than `maxBytes`, or the bytes are damaged
 */
export async function decompressRecords(
  compression: Compression,
  bytes: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gunzip(bytes, maxBytes);
    case 'snappy':
      return sliced(decodeSnappy(bytes, maxBytes));
    case 'lz4':
      return sliced(decodeLz4(bytes, maxBytes));
    case 'zstd':
      return unzstd(bytes, maxBytes);
  }
}

async function gunzip(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const declared = declaredGzipBytes(bytes);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const chunkSize = Math.max(declared + 1, LEAST_CHUNK, Math.ceil(bytes.length / 4)); // one chunk, if that is true
  return bounded(promisify(zlib.gunzip)(bytes, { maxOutputLength: maxBytes, chunkSize }), maxBytes);
}

const LEAST_CHUNK = 1024;

/** A gzip member ends with its size; returns 0 when the bytes are too few for it, so that they are damaged. */
function declaredGzipBytes(bytes: Buffer): number {
  const declared = bytes.length < LEAST_GZIP ? 0 : bytes.readUInt32LE(bytes.length - 4);
  return declared > bytes.length * MOST_DEFLATED ? 0 : declared;
}

const LEAST_GZIP = 18;
/** Deflate makes no more of a byte. */
const MOST_DEFLATED = 1032;

async function unzstd(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const codec = await zstd();
  if ((declaredZstdBytes(bytes) ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return bounded(codec.decompress(bytes, maxBytes), maxBytes);
}

/** The error of a codec that has reached its limit names it; every other means damaged bytes. */
async function bounded(decompressed: Promise<Uint8Array>, maxBytes: number): Promise<Buffer> {
  try {
    const { buffer, byteOffset, byteLength } = await decompressed;
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    if (error instanceof MissingCodecError) throw error;
    if ((error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw damaged((error as Error).message, { cause: error });
  }
}
