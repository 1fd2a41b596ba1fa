import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { writeNote } from '../terminal/write-note.js';
import type { DatabaseOptions } from './database-options.js';
import { openOutbox } from './open-outbox.js';

/** Options of `outbox purge`. */
export interface PurgePublishedOptions extends DatabaseOptions {
  readonly olderThan: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/**
 * Deletes published events that were kept, and were published more than `olderThan` milliseconds ago; with `dryRun`, only
 * counts them.
 *
 * @throws CommandError without `yes` or `dryRun`, or when no database is named
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function purgePublished(options: PurgePublishedOptions, io: CliIo): Promise<void> {
  const { olderThan: olderThanMs, dryRun, yes } = options;
  if (!yes && !dryRun)
    throw new CommandError(
      'CLI_USAGE',
      'purge deletes the record of published events permanently: add --yes to confirm, or --dry-run to see how many',
    );
  const { abortSignal, stderr } = io;
  await using outbox = await openOutbox(options, io);
  const count = await outbox.admin.purge({ olderThanMs, dryRun, abortSignal });
  const events = `${count.toLocaleString('en-US')} published ${count === 1 ? 'event' : 'events'}`;
  const verb = dryRun ? 'would be' : count === 1 ? 'was' : 'were';
  writeNote(stderr, `${events} ${verb} purged`);
  abortSignal.throwIfAborted();
}
