import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `schema generate`. */
export function addSchemaGenerate(schema: Command, { io }: CommandContext): void {
  schema
    .command('generate')
    .summary('write the schema files (.avsc) of events')
    .description(
      'Writes the schema files of events, as the Python services store them, and definitions.json with what schemas lack; prints their paths.',
    )
    .argument('[types...]', 'event types; * matches any text')
    .option('--own', 'every event of the modules of --require')
    .option('--all', 'every known event')
    .requiredOption('--out <folder>', 'the folder to write to; created if missing')
    .option('--force', 'overwrite existing files')
    .action(async (types: string[], options: { all?: true; own?: true; out: string; force?: true }) => {
      const { generateSchemas } = await import('../schemas/generate-schemas.js');
      const { all = false, own = false, out, force = false } = options;
      await generateSchemas({ types, all, own, out, force }, io);
    });
}
