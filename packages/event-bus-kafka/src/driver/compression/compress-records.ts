import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Compression } from './compression.js';
import { encodeLz4 } from './lz4-encoder.js';
import { sliced } from './sliced.js';
import { encodeSnappy } from './snappy-encoder.js';
import { zstd } from './zstd.js';

/**
 * Compresses the records of a batch as Kafka stores them, at the default level of each codec. gzip, and zstd of Node, run
 * outside the event loop; snappy and lz4 return to it after each MiB.
 *
 * @throws MissingCodecError when nothing here can compress with zstd
 */
export async function compressRecords(compression: Compression, bytes: Uint8Array): Promise<Uint8Array> {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return promisify(zlib.gzip)(bytes);
    case 'snappy':
      return sliced(encodeSnappy(bytes));
    case 'lz4':
      return sliced(encodeLz4(bytes));
    case 'zstd':
      return (await zstd()).compress(bytes);
  }
}
