import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `schema diff`. */
export function addSchemaDiff(schema: Command, { io }: CommandContext): void {
  schema
    .command('diff')
    .summary('show what changed in a schema, and what that breaks')
    .description('Shows field by field how a schema differs from an older one, and what each change breaks.')
    .usage(
      '[options] <type> --against <path>\n       openedx-events schema diff [options] <old-file> <new-file>',
    )
    .argument('<type|old-file>', 'an event type, or the older schema file')
    .argument('[new-file]', 'the newer schema file')
    .option('--against <path>', 'the older schema of the event: its file, or the folder that contains it')
    .action(async (first: string, second: string | undefined, options: { against?: string }) => {
      const { diffSchemas } = await import('../schemas/diff-schemas.js');
      await diffSchemas({ first, second, against: options.against }, io);
    });
}
