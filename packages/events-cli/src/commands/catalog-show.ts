import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** `catalog show` */
export function addCatalogShow(catalog: Command, { io, requiredNames }: CommandContext): void {
  catalog
    .command('show')
    .summary('show all that is known of an event')
    .description('Shows what an event means, its fields and types, its key, personal data, and who sends it.')
    .argument('<type>', 'the event type')
    .option('--json', 'one JSON object')
    .action(async (eventType: string, options: { json?: true }) => {
      const { showEvent } = await import('../catalog/show-event.js');
      await showEvent(eventType, { json: options.json ?? false }, requiredNames(), io);
    });
}
