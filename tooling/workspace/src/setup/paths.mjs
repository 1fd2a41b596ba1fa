import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[\\/]$/, '');

/** Everything that may be deleted at any time: fetched tools, stamps, reports. */
export const cacheFolder = join(root, '.cache');

/**
 * A tool of the root's `devDependencies`, as arguments for `node`.
 * @param {'biome' | 'depcruise' | 'knip' | 'pnpm' | 'tsc' | 'turbo' | 'vitest'} name
 */
export function toolScript(name) {
  const scripts = {
    biome: '@biomejs/biome/bin/biome',
    depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
    knip: 'knip/bin/knip.js',
    pnpm: 'pnpm/bin/pnpm.cjs',
    tsc: 'typescript/bin/tsc',
    turbo: 'turbo/bin/turbo',
    vitest: 'vitest/vitest.mjs',
  };
  return join(root, 'node_modules', scripts[name]);
}
