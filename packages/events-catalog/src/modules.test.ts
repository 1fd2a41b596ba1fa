import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = import.meta.dirname;
const subdomains = ['analytics', 'authz', 'content', 'content-authoring', 'enterprise', 'learning'];
const modules = subdomains.flatMap((subdomain) =>
  readdirSync(join(source, subdomain))
    .filter((file) => file.endsWith('.ts') && !file.includes('.test') && file !== 'index.ts')
    .map((file) => `${subdomain}/${file}`),
);
const events = modules.filter((module) =>
  readFileSync(join(source, module), 'utf8').includes('defineSignal('),
);

/** Modules that events of several subdomains use. */
const shared = new Set(['described.ts', 'keys.ts', 'not-carried-by-python.ts']);

describe('modules of the catalogue', () => {
  it('are one for each event and each data class', () => {
    expect(events).toHaveLength(81);
    expect(modules).toHaveLength(81 + 60);
  });

  it.each(events)('%s loads its own data classes and nothing else', (event) => {
    const [subdomain] = event.split('/');
    for (const loaded of loadedBy(event)) {
      if (loaded === event || shared.has(loaded)) continue;
      expect(loaded).toMatch(new RegExp(`^${subdomain}/`));
      expect(events).not.toContain(loaded);
    }
  });

  it('are all loaded by the index of their subdomain', () => {
    for (const subdomain of subdomains) {
      const own = modules.filter((module) => module.startsWith(`${subdomain}/`));
      expect([...loadedBy(`${subdomain}/index.ts`)]).toEqual(expect.arrayContaining(own));
    }
  });
});

describe('the entry point of the package', () => {
  it('loads no event', () => {
    expect([...loadedBy('index.ts')].sort()).toEqual([
      'default-routes.ts',
      'index.ts',
      'loader.ts',
      'producer-config.ts',
      'signal-modules.ts',
    ]);
  });
});

/** The modules of this package that importing one evaluates: itself and its static imports, theirs and so on. */
function loadedBy(module: string, seen = new Set<string>()): Set<string> {
  if (seen.has(module)) return seen;
  seen.add(module);
  const text = readFileSync(join(source, module), 'utf8').replace(/^(?:import|export) type [^;]*;/gm, '');
  for (const [, imported] of text.matchAll(/\b(?:from|import) '(\.[^']+)\.js'/g)) {
    loadedBy(relative(source, resolve(source, dirname(module), `${imported}.ts`)), seen);
  }
  return seen;
}
