import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addSelectionOptions, type SelectionCommandOptions } from './dlq-options.js';
import { fieldHelp } from './field-help.js';

/** Adds the command `dlq purge`. */
export function addDlqPurge(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('purge')
    .summary('remove dead letters permanently')
    .description('Removes dead letters without sending them again: their events are lost.');
  addSelectionOptions(command)
    .option('--field <path=value>', fieldHelp)
    .option('--all', 'select every dead letter of the group')
    .option('--dry-run', 'change nothing, only print how many')
    .option('--yes', 'confirm: this cannot be undone')
    .action(async ({ all = false, dryRun = false, yes = false, ...options }: PurgeCommandOptions) => {
      const { purgeQueue } = await import('../dead-letters/purge-queue.js');
      await purgeQueue({ ...options, all, dryRun, yes }, io);
    });
}

interface PurgeCommandOptions extends SelectionCommandOptions {
  readonly field?: string;
  readonly yes?: boolean;
}
