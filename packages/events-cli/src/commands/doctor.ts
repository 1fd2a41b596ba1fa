import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { addOperatorOptions, type OperatorCommandOptions } from './operator-command.js';

/** `doctor` */
export function addDoctor(program: Command, { io }: CommandContext): void {
  const command = program
    .command('doctor')
    .summary('look for what is wrong, and say what to do')
    .description(
      'Looks at the settings in the environment, the bus, its broker, schemas, topics and groups: each with a verdict, ' +
        'and a cure where there is something to do. Fails when it finds a problem.',
    );
  addOperatorOptions(command).action(async (options: OperatorCommandOptions) => {
    const { examine } = await import('../operate/examine.js');
    await examine(options, io);
  });
}
