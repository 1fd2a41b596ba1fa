import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `export python`. */
export function addExportPython(program: Command, { io, requiredNames }: CommandContext): void {
  program
    .command('python')
    .summary('write the Python classes and signals of events')
    .description(
      'Writes a Python module with the data classes and signals of events for openedx-events, to stdout. Notes on stderr what Python cannot carry.',
    )
    .argument('<types...>', 'event types; * matches any text')
    .action(async (types: string[]) => {
      const { exportPython } = await import('../translate/export-python.js');
      await exportPython(types, requiredNames(), io);
    });
}
