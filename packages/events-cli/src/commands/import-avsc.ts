import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `import avsc`. */
export function addImportAvsc(program: Command, { io }: CommandContext): void {
  program
    .command('avsc')
    .summary('write the TypeScript definitions of schema files')
    .description(
      'Writes a TypeScript module with the events of schema files, to stdout. Uses the definitions.json beside a file for what schemas lack.',
    )
    .argument('<files...>', 'schema files (.avsc) of events')
    .action(async (files: string[]) => {
      const { importAvsc } = await import('../translate/import-avsc.js');
      await importAvsc(files, io);
    });
}
