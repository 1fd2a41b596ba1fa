import { readFile } from 'node:fs/promises';

/** A file that the page loads. */
export interface BrowserFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Gzipped. */
  readonly packed: Uint8Array<ArrayBuffer>;
}

/**
 * A file of the page, from this package's build; undefined for a name that is none. Each is read once.
 *
 * @throws Error when the package was not built
 */
export async function browserFile(name: string): Promise<BrowserFile | undefined> {
  const type = TYPES.get(name);
  if (type === undefined) return undefined;
  let file = files.get(name);
  if (file === undefined) {
    file = load(name, type);
    files.set(name, file);
    file.catch(() => files.delete(name));
  }
  return file;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['app.js', 'text/javascript; charset=utf-8'],
  ['app.css', 'text/css; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
]);

const files = new Map<string, Promise<BrowserFile>>();

async function load(name: string, type: string): Promise<BrowserFile> {
  const { gzipSync } = await import('node:zlib');
  // The same path from the sources and from the build.
  const bytes = new Uint8Array(await readFile(new URL(`../../dist/browser/${name}`, import.meta.url)));
  return { type, bytes, packed: new Uint8Array(gzipSync(bytes, { level: 9 })) };
}
