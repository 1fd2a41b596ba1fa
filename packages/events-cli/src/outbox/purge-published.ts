import type { OutboxEntry } from '@openedx-ts/events-outbox';
import { fieldCondition } from '../signals/field-condition.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { noteUnreadable } from '../terminal/note-unreadable.js';
import { writeNote } from '../terminal/write-note.js';
import type { DatabaseOptions } from './database-options.js';
import { FieldInEntries } from './field-in-entries.js';
import { openOutbox } from './open-outbox.js';

/** Options of `outbox purge`. */
export interface PurgePublishedOptions extends DatabaseOptions {
  /** Milliseconds. @defaultValue 0 with `field`; without it, needed */
  readonly olderThan?: number;
  /** `PATH=VALUE` */
  readonly field?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/**
 * Deletes published events that were kept, and were published more than `olderThan` milliseconds ago or have the value of
 * `field`; with `dryRun`, only counts them.
 *
 * @throws CommandError without `yes` or `dryRun`, when nothing is selected, no known event has the field, or no database
 *   is named
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function purgePublished(options: PurgePublishedOptions, io: CliIo): Promise<void> {
  const { dryRun, yes } = options;
  if (!yes && !dryRun)
    throw new CommandError(
      'CLI_USAGE',
      'purge deletes the record of published events permanently: add --yes to confirm, or --dry-run to see how many',
    );
  if (options.olderThan === undefined && options.field === undefined)
    throw new CommandError(
      'CLI_USAGE',
      'purge selects nothing: give --older-than, e.g. 7d, or --field PATH=VALUE',
    );
  const field = await fieldCondition(options.field, undefined);
  const { abortSignal, stderr } = io;
  await using outbox = await openOutbox(options, io);
  const entries = field && new FieldInEntries(outbox, field);
  const where = entries && ((entry: OutboxEntry) => entries.isIn(entry));
  const olderThanMs = options.olderThan ?? 0;
  const count = await outbox.admin.purge({ olderThanMs, where, dryRun, abortSignal });
  noteUnreadable(entries?.unreadable ?? 0, 'outbox show', stderr);
  const events = `${count.toLocaleString('en-US')} published ${count === 1 ? 'event' : 'events'}`;
  const verb = dryRun ? 'would be' : count === 1 ? 'was' : 'were';
  writeNote(stderr, `${events} ${verb} purged`);
  abortSignal.throwIfAborted();
}
