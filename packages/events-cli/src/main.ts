#!/usr/bin/env node
import { abortOnSignal } from '@openedx-ts/events-core/abort-on-signal'; // alone: help loads no library
import { ExitCode } from './exit-code.js';
import { runCli } from './run-cli.js';

const abortSignal = abortOnSignal();
// Whoever reads us may go at any time (`| head`); what that means is decided where lines are written.
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
