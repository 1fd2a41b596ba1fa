import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from './command-context.js';
import { addSelectionOptions, type SelectionCommandOptions } from './dlq-options.js';

/** Adds the command `dlq redrive`. */
export function addDlqRedrive(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('redrive')
    .summary('send dead letters to their topic again')
    .description(
      'Sends dead letters to their original topic again, in order, with their event ids, and removes each once the broker ' +
        'has accepted it. Every group of the topic receives them.',
    );
  addSelectionOptions(command)
    .option('--all', 'select every dead letter of the group')
    .option('--dry-run', 'change nothing, only print how many')
    .option('--rate <number>', 'send at most this many a second, e.g. 10 or 10/s', rate)
    .action(async ({ all = false, dryRun = false, ...options }: RedriveCommandOptions) => {
      const { redriveQueue } = await import('../dead-letters/redrive-queue.js');
      await redriveQueue({ ...options, all, dryRun }, io);
    });
}

interface RedriveCommandOptions extends SelectionCommandOptions {
  readonly rate?: number;
}

function rate(text: string): number {
  const number = Number(text.replace(/\/s$/, ''));
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Expected a number above 0, such as 10 or 10/s.');
}
