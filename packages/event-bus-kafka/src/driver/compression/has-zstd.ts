import { createRequire } from 'node:module';
import zlib from 'node:zlib';

/** Whether this process can read and write zstd: by Node 22.15 and newer, or by the package `@bokuweb/zstd-wasm`. */
export function hasZstd(): boolean {
  if ('zstdCompress' in zlib) return true;
  try {
    createRequire(thisFile()).resolve('@bokuweb/zstd-wasm');
    return true;
  } catch {
    return false;
  }
}

/**
 * The path or URL of this file. Not `import.meta.url`: transformed to CommonJS, as jest needs it, a module with it is a
 * syntax error, and in a bundle it is undefined.
 */
function thisFile(): string {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_error, [caller]) => caller?.getFileName();
    return String(new Error().stack);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
