import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { optionsPage } from '../../../site/src/generated/options-page.mjs';
import { publicOptions } from '../../../site/src/generated/public-options.mjs';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

describe('docs/reference/options.md', () => {
  it('is what the sources say; after a change: node tooling/site/write-options.mjs', {
    timeout: 240_000,
  }, () => {
    expect(readFileSync(join(root, 'docs/reference/options.md'), 'utf8')).toBe(optionsPage(root));
  });

  it('says of every option what it does', { timeout: 240_000 }, () => {
    const silent = publicOptions(root).flatMap(({ name, options }) =>
      options
        .filter(({ doc, defaultValue }) => doc === '' && defaultValue === '')
        .map((one) => `${name}.${one.name}`),
    );
    expect(silent).toEqual([]);
  });
});
