import { cachedFolder } from '../ladder/cached-folder.js';
import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { type Run, run } from '../process/run.js';

const REQUIREMENT = 'kubernetes-validate==1.37.0';

/**
 * Runs `kubernetes-validate`, which checks manifests by the schemas of Kubernetes, unpacked in `.cache` with the Python
 * packages that it needs.
 *
 * @param args such as files
 * @throws Error when it cannot be had
 */
export async function runKubernetesValidate(args: readonly string[]): Promise<Run> {
  const found = await cachedFolder(REQUIREMENT.replace('==', '-'), async (folder) => {
    noteOnce(`Unpacking ${REQUIREMENT} into .cache (once)`);
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--only-binary=:all:',
      '--target',
      folder,
      REQUIREMENT,
    ];
    const { code, output } = await run('python3', install, { timeoutMs: 300_000 });
    return code === 0 ? undefined : lastLines(output, 1);
  });
  if (typeof found === 'string') throw new Error(`there is no kubernetes-validate: ${found}`);
  const env = { PYTHONPATH: found.folder };
  return run('python3', ['-m', 'kubernetes_validate', ...args], { env, timeoutMs: 60_000 });
}
