import { MissingCodecError } from './missing-codec-error.js';
import type { ZstdCodec } from './zstd-codec.js';

/**
 * Returns zstd of the package `@bokuweb/zstd-wasm`, for Node before 22.15.
 *
 * @throws MissingCodecError when it is not installed
 */
export function zstdOfPackage(): Promise<ZstdCodec> {
  loading ??= load().catch((error) => {
    loading = undefined; // it may be installed later
    throw error;
  });
  return loading;
}

let loading: Promise<ZstdCodec> | undefined;

type Package = typeof import('@bokuweb/zstd-wasm');

async function load(): Promise<ZstdCodec> {
  const wasm = await import('@bokuweb/zstd-wasm').catch((error: unknown) => {
    throw new MissingCodecError(MISSING, { cause: error });
  });
  if (!works(wasm)) await wasm.init();
  return {
    compress: async (bytes) => {
      if (!works(wasm)) throw new MissingCodecError(BROKEN);
      return wasm.compress(bytes);
    },
    decompress: async (bytes, maxBytes) => {
      try {
        return wasm.decompress(bytes, { defaultHeapSize: maxBytes });
      } catch (error) {
        if (!works(wasm)) throw new MissingCodecError(BROKEN, { cause: error });
        const isFull = (error as Error).message.endsWith(`code ${DESTINATION_TOO_SMALL}`);
        throw isFull ? Object.assign(error as Error, { code: 'ERR_BUFFER_TOO_LARGE' }) : error;
      }
    },
  };
}

/**
 * Whether it compresses right. Initialising it a second time breaks it for the whole process: it then works with two
 * memories at once. So it is initialised only when nothing else has done that.
 */
function works(wasm: Package): boolean {
  try {
    return Buffer.from(wasm.compress(new Uint8Array(0))).equals(FRAME_OF_NOTHING);
  } catch {
    return false;
  }
}

const FRAME_OF_NOTHING = Buffer.from('28b52ffd2000010000', 'hex');

const MISSING = 'is missing: use Node 22.15 or newer, or install it with npm install @bokuweb/zstd-wasm';
const BROKEN =
  'does not work: something else in this process has initialised @bokuweb/zstd-wasm again; use Node 22.15 or newer';

/** ZSTD_error_dstSize_tooSmall, as zstd returns it. */
const DESTINATION_TOO_SMALL = -70;
