import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageSources } from '../house-rules/package-sources.mjs';
import { root } from '../setup/paths.mjs';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/reference/bounds.md');
const names = [...page.matchAll(/`([a-z0-9*/-]+)`/g)].map(([, name = '']) => name.split('/').at(-1) ?? '');
const patterns = names.map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`));
/** Test kits live as long as a test. */
const sources = packageSources().filter(
  (file) => !/\.test|test-support/.test(file) && !file.startsWith('packages/events-testing/'),
);
/** A field of an object, which outlives the call that fills it. */
const COLLECTION = /^ {2}(?:readonly )?#\w+(?::[^=\n]+)? = new (?:Map|Set|BoundedCache|TimedMemory)\b/m;

describe('docs/reference/bounds.md', () => {
  it('names every source whose objects keep a collection', () => {
    const keepers = sources.filter((file) => COLLECTION.test(read(file)));
    expect(keepers.length).toBeGreaterThan(50);
    const missing = keepers.filter((file) => !patterns.some((one) => one.test(basename(file, '.ts'))));
    expect(missing).toEqual([]);
  });

  it('names no source that is gone', () => {
    const kept = ['event-bus-memory', 'unstored'];
    const known = new Set([...sources.map((file) => basename(file, '.ts')), ...kept]);
    expect(names.filter((name) => !name.includes('*') && !known.has(name))).toEqual([]);
  });
});
