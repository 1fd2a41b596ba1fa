import { mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SchemaFiles } from './schema-files.js';

const url = 'http://registry';

describe('SchemaFiles', () => {
  it.each([
    ['files', { files: 3, bytes: 1_000_000 }],
    ['bytes', { files: 100, bytes: 3_500 }],
  ])('deletes the oldest schemas when there are too many %s', async (_what, limits) => {
    const directory = mkdtempSync(join(tmpdir(), 'schemas-'));
    const files = new SchemaFiles(directory, url, limits);
    for (let id = 1; id <= 5; id += 1) {
      await files.keepSchema({ id, schema: 'x'.repeat(1_000) });
      const [folder = ''] = readdirSync(directory);
      utimesSync(join(directory, folder, `schema-${id}.json`), 1_000 + id, 1_000 + id);
    }
    const kept = await Promise.all([1, 2, 3, 4, 5].map((id) => files.schemaOf(id)));
    expect(kept.map((text) => text !== undefined)).toEqual([false, false, true, true, true]);
    const [folder = ''] = readdirSync(directory);
    expect(readdirSync(join(directory, folder))).toHaveLength(3);
  });
});
