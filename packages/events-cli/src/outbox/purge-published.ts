import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { writeNote } from '../terminal/write-note.js';
import type { DatabaseOptions } from './database-options.js';
import { openOutbox } from './open-outbox.js';

/** Options of `outbox purge`. */
export interface PurgePublishedOptions extends DatabaseOptions {
  readonly olderThan: number;
  readonly yes: boolean;
}

/**
 * Deletes published events that were kept, and were published more than `olderThan` milliseconds ago.
 *
 * @throws CommandError without `yes`, or when no database is named
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function purgePublished(options: PurgePublishedOptions, io: CliIo): Promise<void> {
  if (!options.yes)
    throw new CommandError(
      'CLI_USAGE',
      'purge deletes the record of published events permanently: add --yes to confirm',
    );
  const { abortSignal, stderr } = io;
  await using outbox = await openOutbox(options, io);
  const count = await outbox.admin.purge({ olderThanMs: options.olderThan, abortSignal });
  const events =
    count === 1 ? '1 published event was' : `${count.toLocaleString('en-US')} published events were`;
  writeNote(stderr, `${events} purged`);
  abortSignal.throwIfAborted();
}
