import { Readable, Writable } from 'node:stream';
import { runCli } from '@openedx-ts/events-cli';

/** Runs `openedx-events` in this process, with the events that are registered. */
export async function runCommand(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const texts = { stdout: '', stderr: '' };
  const writing = (name: keyof typeof texts) =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const code = await runCli(args, {
    stdin: Readable.from([]),
    stdout: writing('stdout'),
    stderr: writing('stderr'),
    cwd: import.meta.dirname,
    abortSignal: new AbortController().signal,
  });
  return { code, ...texts };
}
