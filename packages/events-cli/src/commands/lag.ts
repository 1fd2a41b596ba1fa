import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addOperatorOptions, type OperatorCommandOptions } from './operator-options.js';

/** Adds the command `lag`. */
export function addLag(program: Command, { io }: CommandContext): void {
  const command = program
    .command('lag')
    .summary('show how far consumer groups are behind')
    .description(
      'Shows for each group and lane the events that wait (LAG), the events that are not acknowledged (PENDING), the age of the oldest, ' +
        'and how many events may still be sent before the broker deletes one that the group has not processed (TO TRIM).',
    );
  addOperatorOptions(command).action(async (options: OperatorCommandOptions) => {
    const { showLag } = await import('../operate/show-lag.js');
    await showLag(options, io);
  });
}
