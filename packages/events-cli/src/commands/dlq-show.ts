import type { Command } from 'commander';
import { positiveInteger } from '../bus/wait-option.js';
import type { QueueOptions } from '../dead-letters/queue-options.js';
import type { CommandContext } from './command-context.js';
import { addSelectionOptions } from './dlq-command.js';

/** `dlq show` */
export function addDlqShow(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('show')
    .summary('show dead letters and why they died')
    .description(
      'Writes each dead letter as one JSON object a line: why it died, its headers; key and data only as sizes.',
    );
  addSelectionOptions(command)
    .option('--payload', 'the data too, with personal data masked')
    .option('--limit <number>', 'end after so many', positiveInteger)
    .action(async ({ payload = false, ...options }: ShowCommandOptions) => {
      const { showDeadLetters } = await import('../dead-letters/show-dead-letters.js');
      await showDeadLetters({ ...options, payload }, io);
    });
}

interface ShowCommandOptions extends QueueOptions {
  readonly payload?: boolean;
  readonly limit?: number;
}
