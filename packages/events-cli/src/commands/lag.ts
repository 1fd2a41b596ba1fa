import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addOperatorOptions, type OperatorCommandOptions } from './operator-command.js';

/** `lag` */
export function addLag(program: Command, { io }: CommandContext): void {
  const command = program
    .command('lag')
    .summary('show how far groups are behind')
    .description(
      'Shows for each group and lane what waits, what is in hand, how old the oldest is, and how many events may still ' +
        'be sent before the broker deletes one that the group has not handled.',
    );
  addOperatorOptions(command).action(async (options: OperatorCommandOptions) => {
    const { showLag } = await import('../operate/show-lag.js');
    await showLag(options, io);
  });
}
