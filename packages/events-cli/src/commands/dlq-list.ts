import type { Command } from 'commander';
import type { QueueOptions } from '../dead-letters/queue-options.js';
import type { CommandContext } from './command-context.js';
import { addQueueOptions } from './dlq-options.js';

/** Adds the command `dlq list`. */
export function addDlqList(dlq: Command, { io }: CommandContext): void {
  const command = dlq
    .command('list')
    .summary('count the dead letters of a topic')
    .description(
      'Counts the dead letters of each group of a topic by failure code and event type, with the times of the oldest and newest.',
    );
  addQueueOptions(command)
    .option('--json', 'one JSON object a group, one a line')
    .action(async ({ json = false, ...options }: QueueOptions & { readonly json?: boolean }) => {
      const { listDeadLetters } = await import('../dead-letters/list-dead-letters.js');
      await listDeadLetters({ ...options, json }, io);
    });
}
