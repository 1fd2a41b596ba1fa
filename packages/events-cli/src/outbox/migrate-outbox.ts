import type { SqlDialect } from '@openedx-ts/events-sql';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';
import type { DatabaseOptions } from './database-options.js';
import { databaseUrl } from './database-url.js';
import { openOutbox, outboxStoreOf } from './open-outbox.js';

/** Options of `outbox migrate`. */
export interface MigrateOptions extends DatabaseOptions {
  readonly print: boolean;
  /** For `print` without a database. */
  readonly dialect?: SqlDialect;
  /** For `print`: the version that the tables have. */
  readonly from?: number;
}

/**
 * Creates or updates the tables of an outbox and writes the versions before and after. With `print`, writes the statements
 * instead, and connects to nothing.
 *
 * @throws CommandError when no database is named, or an option of `print` is given without it
 * @throws OutboxTablesError when the tables are newer than this version knows
 * @throws InfrastructureError when the database cannot be reached
 */
export async function migrateOutbox(options: MigrateOptions, io: CliIo): Promise<void> {
  const output = lineWriter(io);
  if (options.print) {
    const dialect = options.dialect ?? databaseUrl(options, io, 'or --dialect postgres or mysql').dialect;
    const text = outboxStoreOf(dialect, options).migrationText(options.from);
    for (const line of text.trimEnd().split('\n')) await output.line(line);
    return output.flush();
  }
  mustPrint(options);
  await using outbox = await openOutbox(options, io);
  const { from, to } = await outbox.store.migrate(outbox.database);
  const outcome = from === to ? `have version ${to} already` : `were brought from version ${from} to ${to}`;
  writeNote(io.stderr, `the tables of the outbox ${outcome}`);
  await output.line(jsonText({ from, to }));
  await output.flush();
}

/** The database says itself what it is, and which version its tables have. */
function mustPrint({ dialect, from }: MigrateOptions): void {
  const given = dialect !== undefined ? '--dialect' : from !== undefined ? '--from' : undefined;
  if (given !== undefined)
    throw new CommandError('CLI_USAGE', `${given} is for --print: leave it out, or add --print`);
}
