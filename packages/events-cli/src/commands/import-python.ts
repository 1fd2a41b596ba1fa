import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `import python`. */
export function addImportPython(program: Command, { io }: CommandContext): void {
  program
    .command('python')
    .summary('write the TypeScript definitions of Python signals')
    .description(
      'Writes a TypeScript module with the events of Python modules (OpenEdxPublicSignal and attrs classes), to stdout. The modules are read and never run.',
    )
    .argument('<files...>', 'Python files: those with the signals and those with their data classes')
    .option('--types <types...>', 'only these event types')
    .action(async (files: string[], options: { types?: string[] }) => {
      const { importPython } = await import('../translate/import-python.js');
      await importPython(files, options.types, io);
    });
}
