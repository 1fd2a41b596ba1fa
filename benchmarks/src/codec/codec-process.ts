import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Subject } from '../measure.js';
import type { CodecTask } from './codec-worker.js';
import { withClients } from './with-clients.js';

/** A process that encodes and decodes, alone or after loading all clients. */
export interface CodecProcess extends Disposable {
  /** Size of each event in bytes. */
  readonly bytes: Readonly<Record<CodecTask['event'], number>>;
  /** Subjects that are run in the process; their names in the rates get a suffix when the clients are loaded. */
  subjects(event: CodecTask['event'], names: readonly string[]): readonly Subject[];
}

/** Starts `codec-worker.ts`. */
export async function startCodecProcess(loads: 'alone' | 'clients'): Promise<CodecProcess> {
  const child = fork(new URL('codec-worker.js', import.meta.url), [loads]);
  const answer = async (): Promise<unknown> => {
    const abort = new AbortController();
    const ended = once(child, 'exit', abort).then(([code]) => {
      throw new Error(`The codec's process ended with exit code ${code}.`);
    });
    try {
      return ((await Promise.race([once(child, 'message', abort), ended])) as unknown[])[0];
    } finally {
      abort.abort();
      ended.catch(() => {});
    }
  };
  const bytes = (await answer()) as CodecProcess['bytes'];
  return {
    bytes,
    subjects: (event, names) =>
      names.map((subject) => ({
        name: loads === 'alone' ? subject : withClients(subject),
        run: async (times) => {
          child.send({ event, subject, times } satisfies CodecTask);
          await answer();
        },
      })),
    [Symbol.dispose]: () => child.disconnect(),
  };
}
