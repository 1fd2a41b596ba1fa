import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../setup/paths.mjs';
import { coreFilesOfOneEvent } from './core-files-of-one-event.mjs';

describe('ARCHITECTURE.md', () => {
  it('names every core file that runs for one event after a warm-up event', { timeout: 60_000 }, async () => {
    const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const named = new Set([...page.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link));
    const files = await coreFilesOfOneEvent();
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !named.has(file))).toEqual([]);
  });
});
