import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `catalog show`. */
export function addCatalogShow(catalog: Command, { io, requiredNames }: CommandContext): void {
  catalog
    .command('show')
    .summary('show the facts about an event and its fields')
    .description(
      'Shows what an event means, its fields and their types, its key field, its personal data, and who sends it.',
    )
    .argument('<type>', 'the event type')
    .option('--json', 'one JSON object')
    .action(async (eventType: string, options: { json?: true }) => {
      const { showEvent } = await import('../catalog/show-event.js');
      await showEvent(eventType, { json: options.json ?? false }, requiredNames(), io);
    });
}
