import type { Command } from 'commander';
import type { ShowParkedOptions } from '../outbox/show-parked.js';
import type { CommandContext } from './command-context.js';
import { addParkedOptions } from './outbox-options.js';
import { positiveInteger } from './positive-integer.js';

/** Adds the command `outbox show`. */
export function addOutboxShow(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('show')
    .summary('show parked events and why they were parked')
    .description(
      'Writes each parked event as one JSON object a line: why it was parked, and the sizes of its key and data.',
    );
  addParkedOptions(command)
    .option('--payload', 'also write the data, with personal data masked')
    .option('--limit <number>', 'end after this number of events', positiveInteger)
    .action(async ({ payload = false, ...options }: ShowCommandOptions) => {
      const { showParked } = await import('../outbox/show-parked.js');
      await showParked({ ...options, payload }, io);
    });
}

type ShowCommandOptions = Omit<ShowParkedOptions, 'payload'> & { readonly payload?: boolean };
