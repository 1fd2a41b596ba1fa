import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ScaleFigures, ScaleTask } from './scale-task.js';

/**
 * Runs a task in a process of its own, in which nothing else takes memory or CPU.
 *
 * @throws Error when the process ends without figures
 */
export async function measureScale(task: ScaleTask): Promise<ScaleFigures> {
  const child = fork(new URL('scale-worker.js', import.meta.url), [JSON.stringify(task)], {
    execArgv: ['--expose-gc'],
  });
  let figures: ScaleFigures | undefined;
  child.once('message', (message) => {
    figures = message as ScaleFigures;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (figures === undefined) throw new Error(`${task.kind}: the process ended with exit code ${code}.`);
  return figures;
}
