import { userInfo } from 'node:os';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { type AuditEntry, serveConsole } from '@openedx-ts/events-console';
import { findSignal } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';

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
  await using served = await servedOrTaken({
    ...{
      admin,
      port,
      traceUrl,
      unmask,
      act: allowChanges,
      who: userInfo().username,
      busName: bus.plugin.name,
    },
    loadSignal: (eventType) => findSignal(eventType) ?? loadCatalogSignal(eventType),
    audit: (entry) => writeNote(stderr, auditText(entry)),
  });
  const output = lineWriter(io);
  await output.line(served.url);
  await output.flush();
  writeNote(
    stderr,
    `open this address in a browser, once; ${allowChanges ? 'changes are allowed' : 'nothing can be changed (--allow-changes)'}; Ctrl-C ends it`,
  );
  await runtime().clock.sleep(Infinity, abortSignal);
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

async function servedOrTaken(options: Parameters<typeof serveConsole>[0]) {
  try {
    return await serveConsole(options);
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== 'EADDRINUSE') throw cause;
    throw new CommandError(
      'CLI_USAGE',
      `--port ${options.port}: it is taken; without --port a free one is used`,
      { cause },
    );
  }
}

function auditText({ who, action, target, outcome, facts }: AuditEntry): string {
  const details = Object.entries(facts).map(([name, value]) => `, ${name} ${value}`);
  return `${action} of ${target} by ${who}: ${outcome}${details.join('')}`;
}
