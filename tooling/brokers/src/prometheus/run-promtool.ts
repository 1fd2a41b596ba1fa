import { programOfDebianPackages } from '../ladder/debian-packages.js';
import { type Run, run } from '../process/run.js';

/**
 * Runs `promtool` of Prometheus: that on the PATH, or of the distribution's package, unpacked in `.cache` (95 MB).
 *
 * @param input what it reads from its standard input
 * @throws Error when it cannot be had
 */
export async function runPromtool(args: readonly string[], input?: string): Promise<Run> {
  const options = { timeoutMs: 30_000, ...(input === undefined ? {} : { input }) };
  const onPath = await run('promtool', args, options);
  if (onPath.code !== 127) return onPath;
  const found = await programOfDebianPackages(['prometheus'], 'usr/bin/promtool');
  if (typeof found === 'string') throw new Error(`there is no promtool: ${found}`);
  return run(found.program, args, { ...options, env: { LD_LIBRARY_PATH: found.libraryPath } });
}
