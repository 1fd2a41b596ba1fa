import { compressRecords } from './compression/compress-records.js';
import { type Compression, compressions } from './compression/compression.js';
import type { RecordCompression } from './protocol/encode-record-batch.js';

/** Returns what the encoder of batches needs to compress; undefined for none. */
export function recordCompression(compression: Compression): RecordCompression | undefined {
  if (compression === 'none') return undefined;
  return {
    codec: compressions.indexOf(compression),
    compress: (bytes) => compressRecords(compression, bytes),
  };
}
