import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageSources } from '../../workspace/src/house-rules/package-sources.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8');
const errors = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8');

/** The names in the first column of the page; `…_KEY` continues the name before it. */
function settingsOfPage(): Set<string> {
  const names = new Set<string>();
  for (const [cell = ''] of page.matchAll(/^\| [^|]*/gm)) {
    let last = '';
    for (const [, name = ''] of cell.matchAll(/`(…?[A-Z_]{4,})`/g)) {
      if (!name.startsWith('…')) last = name;
      names.add(name);
      for (
        let cut = last.lastIndexOf('_');
        name.startsWith('…') && cut > 0;
        cut = last.lastIndexOf('_', cut - 1)
      ) {
        names.add(`${last.slice(0, cut)}${name.slice(1)}`);
      }
    }
  }
  return names;
}

describe('docs/reference/settings.md', () => {
  it('has every setting that the sources name', () => {
    const sources = packageSources().filter((file) => !/\.test(-support|-d)?\.ts$/.test(file));
    const named = sources.flatMap((file) =>
      Array.from(
        readFileSync(join(root, file), 'utf8').matchAll(
          /\b(EVENT_BUS(?:_[A-Z]+)*|EVENTS_SERVICE_NAME|DATABASE_URL)\b(?![_…])/g,
        ),
        ([name]) => name,
      ),
    );
    const known = settingsOfPage();
    const others = (name: string) => errors.includes(name) || name === 'EVENT_BUS_X_URL'; // codes, and an example
    const missing = [...new Set(named)].filter((name) => !known.has(name) && !others(name));
    expect(new Set(named).size).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });
});
