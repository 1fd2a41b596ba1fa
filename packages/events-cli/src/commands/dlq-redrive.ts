import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from './command-context.js';
import { addSelectionOptions, type SelectionCommandOptions } from './dlq-command.js';

/** `dlq redrive` */
export function addDlqRedrive(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('redrive')
    .summary('send dead letters to their topic again')
    .description(
      'Sends dead letters to the topic they came from, in order, with their own ids, and takes each away once it is ' +
        'accepted. Every group of the topic gets them.',
    );
  addSelectionOptions(command)
    .option('--all', 'every one')
    .option('--dry-run', 'only say how many')
    .option('--rate <number>', 'so many a second, at most; also 10/s', rate)
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
  throw new InvalidArgumentError('Expected a number above 0.');
}
