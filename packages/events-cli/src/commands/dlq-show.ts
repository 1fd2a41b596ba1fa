import type { Command } from 'commander';
import type { QueueOptions } from '../dead-letters/queue-options.js';
import type { CommandContext } from './command-context.js';
import { addSelectionOptions } from './dlq-options.js';
import { positiveInteger } from './positive-integer.js';

/** Adds the command `dlq show`. */
export function addDlqShow(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('show')
    .summary('show dead letters and why they failed')
    .description(
      'Writes each dead letter as one JSON object a line: why it failed, its headers, and the sizes of its key and data.',
    );
  addSelectionOptions(command)
    .option('--payload', 'also write the data, with personal data masked')
    .option('--limit <number>', 'end after this number of dead letters', positiveInteger)
    .action(async ({ payload = false, ...options }: ShowCommandOptions) => {
      const { showDeadLetters } = await import('../dead-letters/show-dead-letters.js');
      await showDeadLetters({ ...options, payload }, io);
    });
}

interface ShowCommandOptions extends QueueOptions {
  readonly payload?: boolean;
  readonly limit?: number;
}
