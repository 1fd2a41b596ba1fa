import { createRequire } from 'node:module';
import zlib from 'node:zlib';

/** Whether this process can read and write zstd: by Node 22.15 and newer, or by the package `@bokuweb/zstd-wasm`. */
export function hasZstd(): boolean {
  if ('zstdCompress' in zlib) return true;
  try {
    createRequire(import.meta.url).resolve('@bokuweb/zstd-wasm');
    return true;
  } catch {
    return false;
  }
}
