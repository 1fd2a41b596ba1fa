import type { Command } from 'commander';
import type { DatabaseOptions } from '../outbox/database-options.js';
import type { CommandContext } from './command-context.js';
import { addOperatorOptions, type OperatorCommandOptions } from './operator-options.js';
import { addDatabaseOptions } from './outbox-options.js';

/** Adds the command `doctor`. */
export function addDoctor(program: Command, { io }: CommandContext): void {
  const command = program
    .command('doctor')
    .summary('check settings, bus and broker, and suggest cures')
    .description(
      'Checks the settings in the environment, the bus, its broker, schemas, topics, groups and dead letters, and the outbox ' +
        'where a database is named. Each finding has a verdict (ok, warning or problem) and, if needed, a cure. Ends with 1 when there is a problem.',
    );
  addDatabaseOptions(addOperatorOptions(command)).action(async (options: DoctorCommandOptions) => {
    const { runDoctor } = await import('../operate/run-doctor.js');
    await runDoctor(options, io);
  });
}

type DoctorCommandOptions = OperatorCommandOptions & DatabaseOptions;
