#!/usr/bin/env node
import { abortOnSignal } from '@openedx-ts/events-core/abort-on-signal'; // loads nothing else: --help needs no library
import { runCli } from './run-cli.js';
import { ExitCode } from './terminal/exit-code.js';

const abortSignal = abortOnSignal();
// The reader of the output may close it at any time (`| head`); the line writer decides what that means.
const streams = [process.stdout, process.stderr];
for (const stream of streams) stream.on('error', () => {});

const code = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  abortSignal,
});
if (code === ExitCode.interrupted) process.exit(code);
await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
// A module of --require may have left timers or connections open.
process.exit(code);
