import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Measures a part in a process of its own and returns its table as Markdown.
 *
 * @throws Error when the process ends without a table
 */
export async function measurePart(name: string): Promise<string> {
  const child = fork(new URL('part-worker.js', import.meta.url), [name]);
  let table: string | undefined;
  child.once('message', (message) => {
    table = String(message);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (table === undefined || code !== 0)
    throw new Error(`The process of ${name} ended with exit code ${code}.`);
  return table;
}
