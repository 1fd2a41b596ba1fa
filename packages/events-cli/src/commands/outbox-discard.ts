import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { fieldHelp } from './field-help.js';
import { addParkedSelectionOptions, type ParkedCommandOptions } from './outbox-options.js';

/** Adds the command `outbox discard`. */
export function addOutboxDiscard(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('discard')
    .summary('delete parked events permanently')
    .description('Deletes parked events without publishing them: their events are lost.');
  addParkedSelectionOptions(command)
    .option('--field <path=value>', fieldHelp)
    .option('--yes', 'confirm: this cannot be undone')
    .action(async ({ all = false, dryRun = false, yes = false, ...options }: DiscardCommandOptions) => {
      const { discardParked } = await import('../outbox/discard-parked.js');
      await discardParked({ ...options, all, dryRun, yes }, io);
    });
}

interface DiscardCommandOptions extends ParkedCommandOptions {
  readonly field?: string;
  readonly yes?: boolean;
}
