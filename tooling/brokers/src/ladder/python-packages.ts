import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { run } from '../process/run.js';
import { cachedFolder } from './cached-folder.js';

/**
 * Unpacks Python packages into `.cache`, once, for `PYTHONPATH`.
 *
 * @param requirements with versions, the program first; all that it needs, or it is looked up where `deep`
 * @returns the folder, or the reason why they cannot be had
 */
export async function pythonPackages(
  requirements: readonly [string, ...string[]],
  { deep }: { readonly deep: boolean },
): Promise<{ readonly folder: string } | string> {
  const [program] = requirements;
  return cachedFolder(program.replace('==', '-'), async (folder) => {
    noteOnce(`Unpacking ${program} into .cache (once)`);
    const options = ['--quiet', '--disable-pip-version-check', '--target', folder];
    const which = deep ? ['--only-binary=:all:'] : ['--no-deps'];
    const install = ['-m', 'pip', 'install', ...options, ...which, ...requirements];
    const { code, output } = await run('python3', install, { timeoutMs: 300_000 });
    return code === 0 ? undefined : lastLines(output, 1);
  });
}
