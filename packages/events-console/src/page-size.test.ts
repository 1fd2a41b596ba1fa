import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildBrowser } from '../build-browser.mjs';
import { page } from './http/page.js';

describe('the page of the console', () => {
  it('is loaded with at most 40 kB in all', async () => {
    const folder = await buildBrowser();
    const files = ['app.js', 'app.css', 'icon.svg'].map((name) => readFileSync(join(folder, name)));
    const bytes = [Buffer.from(page('')), ...files].map((file) => gzipSync(file, { level: 9 }).length);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(40_000);
    for (const file of files) expect(file.toString()).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });
});
