import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { run } from '../process/run.js';
import { cachedFolder } from './cached-folder.js';

/**
 * A package with programs, installed into the cache by this machine's npm.
 * @param name with its scope
 * @param version exact
 * @returns the package's folder, or why it cannot be had
 */
export async function npmPackage(
  name: string,
  version: string,
): Promise<{ readonly folder: string } | string> {
  const found = await cachedFolder(
    `${name.replace(/^@/, '').replace('/', '-')}-${version}`,
    async (folder) => {
      noteOnce(`Unpacking ${name} ${version} into .cache (once)`);
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      // Its install script restores symbolic links, which npm does not pack.
      const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', folder];
      const { code, output } = await run('npm', [...args, `${name}@${version}`], {
        cwd: folder,
        timeoutMs: 300_000,
      });
      return code === 0 ? undefined : lastLines(output, 1);
    },
  );
  return typeof found === 'string' ? found : { folder: join(found.folder, 'node_modules', name) };
}
