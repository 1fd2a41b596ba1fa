import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `catalog list`. */
export function addCatalogList(catalog: Command, { io, requiredNames }: CommandContext): void {
  catalog
    .command('list')
    .summary('list the known events')
    .description('Lists the known events: the Open edX events, and those defined by modules of --require.')
    .option('--subdomain <name>', 'only this subdomain, e.g. learning')
    .option('--json', 'one JSON object a line')
    .action(async (options: { subdomain?: string; json?: true }) => {
      const { listEvents } = await import('../catalog/list-events.js');
      await listEvents({ subdomain: options.subdomain, json: options.json ?? false }, requiredNames(), io);
    });
}
