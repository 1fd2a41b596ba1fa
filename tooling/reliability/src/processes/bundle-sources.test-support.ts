import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';

const bundles = join(import.meta.dirname, '../../.cache/processes');

/**
 * Bundles programs with all that they need, from the sources as they are now.
 * @param entry sources, by the names of the scripts
 * @returns the folder of the scripts, for as long as this process lives
 */
export async function bundleSources(entry: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(bundles, { recursive: true });
  removeAbandoned();
  const outDir = mkdtempSync(join(bundles, `${process.pid}-`));
  await build({
    config: false,
    entry: { ...entry },
    outDir,
    format: 'esm',
    target: 'node20',
    noExternal: [/.*/],
    external: ['pg-native', 'pg-cloudflare'], // optional, and not installed
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@openedx-ts/source'];
      options.logLevel = 'error';
    },
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  return outDir;
}

/** Test workers are killed, so nobody removes their bundles but those that come later. */
function removeAbandoned(): void {
  for (const name of readdirSync(bundles)) {
    if (!isAlive(Number.parseInt(name, 10))) rmSync(join(bundles, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
