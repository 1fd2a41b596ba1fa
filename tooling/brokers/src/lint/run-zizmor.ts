import { programOfWheel } from '../ladder/wheel.js';
import { type Run, run } from '../process/run.js';

/**
 * Runs `zizmor`, which audits the workflows of GitHub Actions: that on the PATH, or of its wheel, unpacked in `.cache`.
 *
 * @param args such as `--offline` and folders
 * @throws Error when it cannot be had
 */
export async function runZizmor(args: readonly string[]): Promise<Run> {
  const options = { timeoutMs: 60_000 };
  const onPath = await run('zizmor', args, options);
  if (onPath.code !== 127) return onPath;
  const found = await programOfWheel('zizmor==1.32.0', 'zizmor');
  if (typeof found === 'string') throw new Error(`there is no zizmor: ${found}`);
  return run(found.program, args, options);
}
