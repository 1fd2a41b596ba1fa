import type { Command } from 'commander';
import type { PurgePublishedOptions } from '../outbox/purge-published.js';
import type { CommandContext } from './command-context.js';
import { duration } from './duration.js';
import { fieldHelp } from './field-help.js';
import { addDatabaseOptions } from './outbox-options.js';

/** Adds the command `outbox purge`. */
export function addOutboxPurge(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('purge')
    .summary('delete published events that were kept')
    .description(
      'Deletes events that were published some time ago and kept (relay --keep-published). Pending and parked events stay.',
    );
  addDatabaseOptions(command)
    .option(
      '--older-than <duration>',
      'published longer ago than this, e.g. 7d or 12h; needed without --field',
      duration,
    )
    .option('--field <path=value>', fieldHelp)
    .option('--dry-run', 'change nothing, only print how many')
    .option('--yes', 'confirm: this cannot be undone')
    .action(async ({ yes = false, dryRun = false, ...options }: PurgeCommandOptions) => {
      const { purgePublished } = await import('../outbox/purge-published.js');
      await purgePublished({ ...options, dryRun, yes }, io);
    });
}

type PurgeCommandOptions = Omit<PurgePublishedOptions, 'yes' | 'dryRun'> & {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
};
