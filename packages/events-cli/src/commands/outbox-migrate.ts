import { type Command, InvalidArgumentError, Option } from 'commander';
import type { MigrateOptions } from '../outbox/migrate-outbox.js';
import type { CommandContext } from './command-context.js';
import { addDatabaseOptions } from './outbox-options.js';

/** Adds the command `outbox migrate`. */
export function addOutboxMigrate(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('migrate')
    .summary('create or update the tables')
    .description(
      'Creates the tables of the outbox, or brings them to the version that this command knows. Safe when several ' +
        'processes run it at once. With nothing to do, it needs no right to change tables.',
    );
  addDatabaseOptions(command)
    .option('--print', 'print the statements for an administrator, and connect to nothing')
    .addOption(
      new Option('--dialect <dialect>', 'for --print without a database').choices(['postgres', 'mysql']),
    )
    .option('--from <version>', 'for --print: the version that the tables have', version)
    .action(async ({ print = false, ...options }: MigrateCommandOptions) => {
      const { migrateOutbox } = await import('../outbox/migrate-outbox.js');
      await migrateOutbox({ ...options, print }, io);
    });
}

type MigrateCommandOptions = Omit<MigrateOptions, 'print'> & { readonly print?: boolean };

function version(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a version, a whole number.');
}
