import { damaged } from './damaged.js';

/**
 * Returns how many bytes a zstd frame (RFC 8878, 3.1.1.1) declares to have once it is decompressed; undefined when it
 * declares nothing, as those of Java's producer.
 *
 * @throws RangeError when there is no zstd frame
 */
export function declaredZstdBytes(bytes: Buffer): number | undefined {
  if (bytes.length < LEAST_FRAME || bytes.readUInt32LE(0) !== MAGIC) throw damaged('there is no zstd frame');
  const descriptor = bytes[4] as number;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  if (sizeBytes === 0) return undefined;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  if (at + sizeBytes > bytes.length) throw damaged('the header of a zstd frame is cut off');
  if (sizeBytes === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

const MAGIC = 0xfd2fb528;
/** Magic number, descriptor, window or size, and the header of a block. */
const LEAST_FRAME = 9;
