import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs'; // its codecs are no named export to Node

/**
 * Returns the records of a batch without compression. Reads gzip, zstd where Node does (22.15 and newer), and what users
 * have given kafkajs a codec for.
 *
 * @param at where the records start
 * @throws MissingCodecError when nothing here can read the compression
 * @throws RangeError when there are more than `maxBytes`
 */
export async function unpackRecords(batch: Buffer, at: number, maxBytes: number): Promise<Buffer> {
  const compression = batch.readInt16BE(21) & 0x7;
  const packed = batch.subarray(at);
  if (compression === NONE) return packed;
  const name = names[compression];
  if (name === undefined) throw new RangeError(`there is no compression with the number ${compression}`);
  try {
    if (compression === GZIP) return await promisify(zlib.gunzip)(packed, { maxOutputLength: maxBytes });
    const codec = codecOf(compression) ?? (compression === ZSTD ? zstdOfNode(maxBytes) : undefined);
    if (codec === undefined) throw new MissingCodecError(name);
    const unpacked = await codec.decompress(packed);
    if (unpacked.length > maxBytes) throw tooLarge(maxBytes);
    return unpacked;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxBytes) : error;
  }
}

/** The records of a batch are compressed in a way that nothing here can read. */
export class MissingCodecError extends Error {
  constructor(compression: string) {
    const newerNode = compression === 'zstd' ? ', or use Node 22.15 or newer' : '';
    super(
      `records are compressed with ${compression}: give kafkajs a codec for it in CompressionCodecs${newerNode}`,
    );
    this.name = 'MissingCodecError';
  }
}

const NONE = 0;
const GZIP = 1;
const ZSTD = 4;
const names: readonly (string | undefined)[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** The codec of a user. The places of those that kafkajs lacks are taken by functions that throw. */
function codecOf(compression: number): Codec | undefined {
  const codecs = kafkajs.CompressionCodecs as Readonly<Record<number, (() => Codec) | undefined>>;
  try {
    return codecs[compression]?.();
  } catch (error) {
    if (error instanceof Error && error.name === 'KafkaJSNotImplemented') return undefined;
    throw error;
  }
}

function zstdOfNode(maxOutputLength: number): Codec | undefined {
  const { zstdDecompress } = zlib as { readonly zstdDecompress?: typeof zlib.gunzip };
  if (zstdDecompress === undefined) return undefined;
  return { decompress: (bytes) => promisify(zstdDecompress)(bytes, { maxOutputLength }) };
}

function tooLarge(maxBytes: number): RangeError {
  return new RangeError(
    `its records take more than ${maxBytes} bytes once they are unpacked (maxBatchBytes)`,
  );
}
