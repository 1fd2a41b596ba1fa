import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !/\.(test|test-support)\.ts$/.test(file),
);

/** Folders that a folder may import from. `''` holds the plug-in and the entry point of the package. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  driver: [],
  stream: ['driver'],
  options: ['driver', 'stream'],
  schemas: ['driver'],
  group: ['driver', 'stream'],
  lease: ['driver'],
  watch: ['driver', 'stream'],
  producer: ['driver', 'options', 'schemas', 'stream'],
  consumer: ['driver', 'group', 'lease', 'options', 'schemas', 'stream', 'watch'],
  admin: ['driver', 'lease', 'options', 'schemas', 'stream'],
  '': ['admin', 'consumer', 'driver', 'options', 'producer', 'stream'],
};

describe('the sources of this package', () => {
  it('import ioredis in driver/ only', () => {
    const importers = sources.filter((file) => /from 'ioredis'/.test(read(file)));
    expect(importers.map(folderOf)).toEqual(importers.map(() => 'driver'));
    expect(importers.length).toBeGreaterThan(0);
  });

  it('import from folders below their own only', () => {
    const wrong = sources.flatMap((file) =>
      [...read(file).matchAll(/from '(\.[^']+)'/g)]
        .map(([, target]) => folderOf(join(file, '..', target as string)))
        .filter((folder) => folder !== folderOf(file) && !allowed[folderOf(file)]?.includes(folder))
        .map((folder) => `${file} imports ${folder}`),
    );
    expect(wrong).toEqual([]);
  });
});

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] as string) : '';
}

function read(file: string): string {
  return readFileSync(join(src, file), 'utf8');
}
