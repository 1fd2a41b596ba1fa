import { runtime } from '@openedx-ts/events-core/bus';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import type { CliIo } from '../terminal/cli-io.js';
import { writeNote } from '../terminal/write-note.js';
import { serveConsoleOf } from './serve-console-of.js';

/** Options of `console`. */
export interface ConsoleCommandOptions {
  readonly bus?: string;
  readonly port?: number;
  readonly allowChanges: boolean;
  readonly unmask: boolean;
  readonly traceUrl?: string;
}

/**
 * Serves the console on the loopback interface until the command is interrupted, and writes its address to stdout. What is
 * changed or unmasked in it is written to stderr.
 *
 * @throws CommandError when the bus gives no access to its topics, or the port is taken
 */
export async function openConsole(options: ConsoleCommandOptions, io: CliIo): Promise<void> {
  const { allowChanges, unmask, port, traceUrl } = options;
  const { abortSignal, stderr } = io;
  using bus = await openBus(options.bus, io);
  const { admin } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const access = { act: allowChanges, unmask };
  await using _served = await serveConsoleOf(
    admin,
    { busName: bus.plugin.name, port, traceUrl, ...access },
    io,
  );
  writeNote(
    stderr,
    `open this address in a browser, once; ${allowChanges ? 'changes are allowed' : 'nothing can be changed (--allow-changes)'}; Ctrl-C ends it`,
  );
  await runtime().clock.sleep(Infinity, abortSignal);
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}
