import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addParkedSelectionOptions, type ParkedCommandOptions } from './outbox-options.js';

/** Adds the command `outbox redrive`. */
export function addOutboxRedrive(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('redrive')
    .summary('make parked events pending again')
    .description(
      'Appends parked events anew, in order: each is published after everything of its key that is pending or was published ' +
        'while it was parked. Prints for each how many events that is.',
    );
  addParkedSelectionOptions(command)
    .option('--in-place', 'put them back at their own positions; for relays with --when-parked hold-key')
    .action(async ({ all = false, dryRun = false, inPlace = false, ...options }: RedriveCommandOptions) => {
      const { redriveParked } = await import('../outbox/redrive-parked.js');
      await redriveParked({ ...options, all, dryRun, inPlace }, io);
    });
}

interface RedriveCommandOptions extends ParkedCommandOptions {
  readonly inPlace?: boolean;
}
