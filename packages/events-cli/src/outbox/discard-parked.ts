import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { logToStderr } from '../terminal/log-to-stderr.js';
import { writeNote } from '../terminal/write-note.js';
import { openOutbox } from './open-outbox.js';
import { parkedCount } from './parked-count.js';
import { type ParkedSelectionOptions, parkedFilterOf } from './parked-options.js';

/** Options of `outbox discard`. */
export interface DiscardParkedOptions extends ParkedSelectionOptions {
  readonly yes: boolean;
}

/**
 * Deletes parked events permanently. Writes a line to stderr for each, and their number at the end.
 *
 * @throws CommandError without `yes`, or when no database is named
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
  const { abortSignal, stderr } = io;
  using _logging = logToStderr(io, { level: 'info' });
  await using outbox = await openOutbox(options, io);
  const selection = { ...parkedFilterOf(options), all, dryRun, abortSignal };
  const { discarded } = await outbox.admin.discard(selection);
  writeNote(stderr, `${parkedCount(discarded, dryRun)} discarded`);
  abortSignal.throwIfAborted();
}
