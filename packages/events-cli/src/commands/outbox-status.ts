import type { Command } from 'commander';
import type { StatusOptions } from '../outbox/show-status.js';
import type { CommandContext } from './command-context.js';
import { addDatabaseOptions } from './outbox-options.js';
import { positiveInteger } from './positive-integer.js';

/** Adds the command `outbox status`. */
export function addOutboxStatus(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('status')
    .summary('show what waits, and which relay publishes')
    .description(
      'Shows for each topic the events that are pending, the age of the oldest and the events that were parked, and which ' +
        'relay holds the lease.',
    );
  addDatabaseOptions(command)
    .option('--count-up-to <number>', 'stop counting at so many events of a topic', positiveInteger, 10_000)
    .option('--json', 'one JSON object')
    .action(async ({ json = false, ...options }: StatusCommandOptions) => {
      const { showStatus } = await import('../outbox/show-status.js');
      await showStatus({ ...options, json }, io);
    });
}

type StatusCommandOptions = Omit<StatusOptions, 'json'> & { readonly json?: boolean };
