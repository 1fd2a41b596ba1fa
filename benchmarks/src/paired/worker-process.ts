import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { WorkerTask } from './paired-worker.js';

/** A process that takes events through one path of one build. */
export interface WorkerProcess extends Disposable {
  /** The CPU time of an event in microseconds, over that many events. */
  cpuPerEvent(events: number): Promise<number>;
}

/**
 * Starts `paired-worker.ts`.
 *
 * @throws Error when the worker ends, for example because the clone is not built
 */
export async function startWorker(task: WorkerTask): Promise<WorkerProcess> {
  const worker = new URL('paired-worker.js', import.meta.url);
  const child = fork(worker, [JSON.stringify(task)], { execArgv: ['--expose-gc'] });
  const answer = async (): Promise<unknown> => {
    const abort = new AbortController();
    const ended = once(child, 'exit', abort).then(([code]) => {
      throw new Error(`${task.path}: the worker of ${task.clone} ended with exit code ${code}.`);
    });
    try {
      return ((await Promise.race([once(child, 'message', abort), ended])) as unknown[])[0];
    } finally {
      abort.abort();
      ended.catch(() => {});
    }
  };
  await answer();
  return {
    async cpuPerEvent(events) {
      child.send(events);
      return ((await answer()) as number) / events;
    },
    [Symbol.dispose]: () => child.disconnect(),
  };
}
