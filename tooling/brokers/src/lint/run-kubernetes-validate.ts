import { pythonPackages } from '../ladder/python-packages.js';
import { type Run, run } from '../process/run.js';

/**
 * Runs `kubernetes-validate`, which checks manifests by the schemas of Kubernetes, unpacked in `.cache` with the Python
 * packages that it needs.
 *
 * @param args such as files
 * @throws Error when it cannot be had
 */
export async function runKubernetesValidate(args: readonly string[]): Promise<Run> {
  const found = await pythonPackages(['kubernetes-validate==1.37.0'], { deep: true });
  if (typeof found === 'string') throw new Error(`there is no kubernetes-validate: ${found}`);
  const env = { PYTHONPATH: found.folder };
  return run('python3', ['-m', 'kubernetes_validate', ...args], { env, timeoutMs: 60_000 });
}
