import { type Command, Option } from 'commander';
import type { AsyncApiBus } from '../asyncapi/message-of.js';
import type { CommandContext } from './command-context.js';

/** Adds the command `export asyncapi`. */
export function addExportAsyncApi(program: Command, { io, requiredNames }: CommandContext): void {
  const buses: readonly AsyncApiBus[] = ['kafka', 'redis'];
  program
    .command('asyncapi')
    .summary('write an AsyncAPI 3.1 document of the routes')
    .description(
      'Writes an AsyncAPI document to stdout: channels, headers, keys, payloads and personal data of the events that EVENT_BUS_PRODUCER_CONFIG routes, or of those that are named.',
    )
    .argument('[types...]', 'event types; * matches any text')
    .option('--own', 'every event of the modules of --require')
    .option('--all', 'every known event')
    .addOption(new Option('--bus <name>', 'whose bindings and headers; EVENT_BUS by default').choices(buses))
    .option('--title <text>', 'the title of the document', 'Events')
    .option('--api-version <version>', 'the version of the document', '1.0.0')
    .action(async (types: string[], options: ExportOptions) => {
      const { exportAsyncApi } = await import('../translate/export-asyncapi.js');
      const { own = false, all = false, bus, title, apiVersion } = options;
      await exportAsyncApi({ types, own, all, bus, title, apiVersion }, requiredNames(), io);
    });
}

interface ExportOptions {
  readonly own?: true;
  readonly all?: true;
  readonly bus?: AsyncApiBus;
  readonly title: string;
  readonly apiVersion: string;
}
