import { type Command, Option } from 'commander';
import type { CheckMode } from '../schemas/schema-breaks.js';
import type { CommandContext } from './command-context.js';

/** Adds the command `schema check`. */
export function addSchemaCheck(schema: Command, { io }: CommandContext): void {
  const modes: readonly CheckMode[] = ['backward', 'forward', 'full'];
  schema
    .command('check')
    .summary('fail when a schema file is missing or a schema is no longer compatible with it')
    .description(
      'Compares the schemas of events with the files of a folder; fails when a file is missing or a schema is not compatible.',
    )
    .requiredOption('--against <folder>', 'the folder with the schema files')
    .addOption(
      new Option(
        '--mode <mode>',
        'backward: new code reads old events; forward: old code reads new events; full: both',
      )
        .choices(modes)
        .default('full'),
    )
    .option('--types <types...>', 'only these event types; * matches any text')
    .action(async (options: { against: string; mode: CheckMode; types?: string[] }) => {
      const { checkSchemas } = await import('../schemas/check-schemas.js');
      await checkSchemas({ against: options.against, mode: options.mode, types: options.types }, io);
    });
}
