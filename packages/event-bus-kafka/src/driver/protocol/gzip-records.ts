import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RecordCompression } from './encode-record-batch.js';

/** Compresses records by gzip, outside the event loop. */
export const gzipRecords: RecordCompression = { codec: 1, compress: promisify<Uint8Array, Buffer>(gzip) };
