import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runCli } from './run-cli.js';
import type { CliIo } from './terminal/cli-io.js';

/** What a command did. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process: `stdin` as text or chunks, everything else replaceable. */
export async function run(
  args: readonly string[],
  {
    stdin = '',
    ...io
  }: { readonly stdin?: string | Readable | Iterable<string | Uint8Array> } & Partial<
    Omit<CliIo, 'stdin'>
  > = {},
): Promise<Run> {
  const [out, err] = [collected(), collected()];
  const code = await runCli(args, {
    stdin: stdin instanceof Readable ? stdin : chunked(stdin),
    stdout: out.stream,
    stderr: err.stream,
    cwd: import.meta.dirname,
    abortSignal: new AbortController().signal,
    ...io,
  });
  return { code, stdout: out.text(), stderr: err.text() };
}

/** A folder that is gone when the scope ends. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'openedx-events-cli-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function chunked(stdin: string | Iterable<string | Uint8Array>): Readable {
  return Readable.from(typeof stdin === 'string' ? [Buffer.from(stdin)] : stdin, { objectMode: false });
}

/** A stdout whose reader has closed it, as `head` does. */
export function closedReader(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  });
}

/** A stream that keeps what is written to it. */
export function collected() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
