import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** `catalog list` */
export function addCatalogList(catalog: Command, { io, requiredNames }: CommandContext): void {
  catalog
    .command('list')
    .summary('list the known events')
    .description('Lists the known events: those of Open edX, and those that --require brings.')
    .option('--subdomain <name>', 'only this subdomain, e.g. learning')
    .option('--json', 'one JSON object a line')
    .action(async (options: { subdomain?: string; json?: true }) => {
      const { listEvents } = await import('../catalog/list-events.js');
      await listEvents({ subdomain: options.subdomain, json: options.json ?? false }, requiredNames(), io);
    });
}
