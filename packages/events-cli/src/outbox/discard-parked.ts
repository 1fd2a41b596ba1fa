import type { OutboxEntry } from '@openedx-ts/events-outbox';
import { fieldCondition } from '../signals/field-condition.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { logToStderr } from '../terminal/log-to-stderr.js';
import { mustSelect } from '../terminal/must-select.js';
import { noteUnreadable } from '../terminal/note-unreadable.js';
import { writeNote } from '../terminal/write-note.js';
import { FieldInEntries } from './field-in-entries.js';
import { openOutbox } from './open-outbox.js';
import { parkedCount } from './parked-count.js';
import { type ParkedSelectionOptions, parkedConditionsOf, parkedFilterOf } from './parked-options.js';

/** Options of `outbox discard`. */
export interface DiscardParkedOptions extends ParkedSelectionOptions {
  readonly yes: boolean;
  /** `PATH=VALUE` */
  readonly field?: string;
}

/**
 * Deletes parked events permanently. Writes a line to stderr for each, and their number at the end.
 *
 * @throws CommandError without `yes`, when no known event has the field, or when no database is named
 * @throws InvalidOptionsError when nothing is selected
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function discardParked(options: DiscardParkedOptions, io: CliIo): Promise<void> {
  const { all, dryRun, yes } = options;
  if (!yes && !dryRun)
    throw new CommandError(
      'CLI_USAGE',
      'discard deletes events permanently: add --yes to confirm, or --dry-run to see how many',
    );
  mustSelect('outbox discard', all, { ...parkedConditionsOf(options), '--field': options.field });
  const field = await fieldCondition(options.field, options.type);
  const { abortSignal, stderr } = io;
  using _logging = logToStderr(io, { level: 'info' });
  await using outbox = await openOutbox(options, io);
  const entries = field && new FieldInEntries(outbox, field);
  const where = entries && ((entry: OutboxEntry) => entries.isIn(entry));
  const selection = { ...parkedFilterOf(options), all, where, dryRun, abortSignal };
  const { discarded } = await outbox.admin.discard(selection);
  noteUnreadable(entries?.unreadable ?? 0, 'outbox show', stderr);
  writeNote(stderr, `${parkedCount(discarded, dryRun)} discarded`);
  abortSignal.throwIfAborted();
}
