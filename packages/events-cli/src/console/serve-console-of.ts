import { userInfo } from 'node:os';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { type AuditEntry, type ServedConsole, serveConsole } from '@openedx-ts/events-console';
import { findSignal } from '@openedx-ts/events-core';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';

/** How a command serves a console. */
export interface ServeConsoleOfOptions {
  readonly busName: string;
  readonly port: number | undefined;
  readonly act: boolean;
  readonly unmask: boolean;
  readonly traceUrl?: string | undefined;
}

/**
 * Serves a console of a bus for the user of this machine, and writes its address to stdout. What is changed or unmasked in it
 * is written to stderr.
 *
 * @throws CommandError when the port is taken
 */
export async function serveConsoleOf(
  admin: EventBusAdmin,
  options: ServeConsoleOfOptions,
  io: CliIo,
): Promise<ServedConsole> {
  const served = await servedOrTaken({
    ...options,
    admin,
    who: userInfo().username,
    loadSignal: (eventType) => findSignal(eventType) ?? loadCatalogSignal(eventType),
    audit: (entry) => writeNote(io.stderr, auditText(entry)),
  });
  const output = lineWriter(io);
  await output.line(served.url);
  await output.flush();
  return served;
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
