import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from './command-context.js';
import { addSelectionOptions, type SelectionCommandOptions } from './dlq-options.js';

/** Adds the command `dlq redrive`. */
export function addDlqRedrive(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('redrive')
    .summary('send dead letters to their group again')
    .description(
      'Sends dead letters to the group that failed again, and to no other: to its topic <topic>.<group>.retry, in order and ' +
        'with their event ids. Each is removed once the broker has accepted it. A consumer of the group must run.',
    );
  addSelectionOptions(command)
    .option('--all', 'select every dead letter of the group')
    .option('--all-groups', 'send them to their original topic, for every group of it')
    .option('--dry-run', 'change nothing, only print how many')
    .option('--rate <number>', 'send at most this many a second, e.g. 10 or 10/s', rate)
    .action(async ({ all = false, allGroups = false, dryRun = false, ...options }: RedriveCommandOptions) => {
      const { redriveQueue } = await import('../dead-letters/redrive-queue.js');
      await redriveQueue({ ...options, all, allGroups, dryRun }, io);
    });
}

interface RedriveCommandOptions extends SelectionCommandOptions {
  readonly allGroups?: boolean;
  readonly rate?: number;
}

function rate(text: string): number {
  const number = Number(text.replace(/\/s$/, ''));
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Expected a number above 0, such as 10 or 10/s.');
}
