import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ConsoleHeap, ConsoleStarted, ConsoleTask } from './console-task.js';

/** A process that serves a console. */
export interface ConsoleProcess extends AsyncDisposable, ConsoleStarted {
  /** Its heap after a collection of garbage. */
  heap(): Promise<ConsoleHeap>;
}

/**
 * Serves a console in a process of its own, so that its heap is measured alone.
 *
 * @throws Error when the process ends first
 */
export async function startConsole(task: ConsoleTask): Promise<ConsoleProcess> {
  const child = fork(new URL('console-worker.js', import.meta.url), [JSON.stringify(task)], {
    execArgv: ['--expose-gc', '--max-old-space-size=8192'],
  });
  const started = await answerOf<ConsoleStarted>(child, task);
  return {
    ...started,
    heap: () => {
      const answer = answerOf<ConsoleHeap>(child, task);
      child.send('heap');
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit'); // no `close` comes where this side disconnects
      child.disconnect();
      await ended;
    },
  };
}

function answerOf<T>(child: ChildProcess, { bus, kind }: ConsoleTask): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`${kind} on ${bus}: the process ended with exit code ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}
