import { compressions } from '../compression/compression.js';
import { decompressRecords } from '../compression/decompress-records.js';

/**
 * Returns the records of a batch without compression.
 *
 * @param at where the records start
 * @throws MissingCodecError when nothing here can decompress zstd
 * @throws RangeError when there are more than `maxBytes`, or they are damaged
 */
export async function unpackRecords(batch: Buffer, at: number, maxBytes: number): Promise<Buffer> {
  const number = batch.readInt16BE(21) & 0x7;
  const compression = compressions[number];
  if (compression === undefined) throw new RangeError(`there is no compression with the number ${number}`);
  return decompressRecords(compression, batch.subarray(at), maxBytes);
}
