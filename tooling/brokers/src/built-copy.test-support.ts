import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));
const root = join(home, '../..');

/**
 * Builds this package beside, for tests that run it as processes of their own: the sources as they are now, whatever `dist`
 * has.
 * @returns the folder that stands for `dist`
 */
export function buildCopy(label: string): string {
  const copy = join(root, '.cache', 'brokers-under-test', label);
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(home, 'guard.mjs'), join(copy, 'guard.mjs'));
  const tsup = join(root, 'node_modules/tsup/dist/cli-default.js');
  const args = ['--config', join(root, 'tsup.config.ts'), '--out-dir', join(copy, 'dist')];
  execFileSync(process.execPath, [tsup, ...args], { cwd: home, stdio: 'pipe' });
  return join(copy, 'dist');
}
