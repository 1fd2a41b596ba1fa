import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sitePathOf } from '../../../site/src/pages/site-paths.mjs';
import { sidebar } from '../../../site/src/sidebar.mjs';
import { markdownFiles } from '../docs/markdown-files.mjs';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

describe('the sidebar of the site', () => {
  const links = sidebar([]).flatMap(({ items }) => items.map(({ link }) => link));

  it('leads to every page of the guide, the reference and the packages', () => {
    const pages = markdownFiles(root)
      .filter((file) => /^(docs\/(guide|reference)|packages)\//.test(file) && existsSync(join(root, file)))
      .map((file) => sitePathOf(file))
      .filter((page) => page !== undefined)
      .map((page) => `/${page.replace(/\.md$/, '')}`);
    expect(pages.length).toBeGreaterThan(30);
    expect(pages.filter((page) => !links.includes(page))).toEqual([]);
  });

  it('has no link twice', () => {
    expect(links).toEqual([...new Set(links)]);
  });
});
