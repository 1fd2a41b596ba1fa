import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Explains why a module could not be loaded, with the cure where it is known. */
export function loadFailure(cause: unknown, url: string): string {
  if (!(cause instanceof Error)) return 'it threw a value that is not an Error';
  const { code } = cause as { readonly code?: unknown };
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?tsx?$/.test(url))
    return `Node ${process.versions.node} does not load TypeScript: name the compiled file, set NODE_OPTIONS='--import tsx', or use Node 22.18 or newer`;
  const file = url.startsWith('file:') ? statSync(fileURLToPath(url), { throwIfNoEntry: false }) : undefined;
  if (url.startsWith('file:') && file === undefined) return 'there is no such file';
  return file?.isDirectory() === true ? 'it is a folder: name a file in it' : cause.message;
}
