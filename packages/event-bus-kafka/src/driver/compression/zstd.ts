import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { ZstdCodec } from './zstd-codec.js';
import { zstdOfPackage } from './zstd-of-package.js';

/**
 * Returns zstd of Node (22.15 and newer), which works outside the event loop; else of the package `@bokuweb/zstd-wasm`,
 * which does not.
 *
 * @throws MissingCodecError when there is neither
 */
export async function zstd(): Promise<ZstdCodec> {
  const { zstdCompress, zstdDecompress } = zlib as Partial<NodeZstd>;
  if (zstdCompress === undefined || zstdDecompress === undefined) return zstdOfPackage();
  return {
    compress: (bytes) => promisify(zstdCompress)(bytes, {}),
    decompress: (bytes, maxOutputLength) => promisify(zstdDecompress)(bytes, { maxOutputLength }),
  };
}

/** What Node 22.15 has and the types of Node 20 do not. */
interface NodeZstd {
  readonly zstdCompress: typeof zlib.gzip;
  readonly zstdDecompress: typeof zlib.gunzip;
}
