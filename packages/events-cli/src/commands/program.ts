import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { Command } from 'commander';
import type { SignalNames } from '../signals/require-modules.js';
import type { CliIo } from '../terminal/cli-io.js';
import { escapeLines } from '../terminal/escape-lines.js';
import { addCatalogList } from './catalog-list.js';
import { addCatalogShow } from './catalog-show.js';
import type { CommandContext } from './command-context.js';
import { addConsole } from './console.js';
import { addConsume } from './consume.js';
import { addDecode } from './decode.js';
import { addDev } from './dev.js';
import { addDlqList } from './dlq-list.js';
import { addDlqPurge } from './dlq-purge.js';
import { addDlqRedrive } from './dlq-redrive.js';
import { addDlqShow } from './dlq-show.js';
import { addDoctor } from './doctor.js';
import { addEncode } from './encode.js';
import { addExportAsyncApi } from './export-asyncapi.js';
import { addExportPython } from './export-python.js';
import { givenOnce } from './given-once.js';
import { addImportAvsc } from './import-avsc.js';
import { addImportPython } from './import-python.js';
import { addLag } from './lag.js';
import { addOutboxDiscard } from './outbox-discard.js';
import { addOutboxMigrate } from './outbox-migrate.js';
import { addOutboxPurge } from './outbox-purge.js';
import { addOutboxRedrive } from './outbox-redrive.js';
import { addOutboxRelay } from './outbox-relay.js';
import { addOutboxShow } from './outbox-show.js';
import { addOutboxStatus } from './outbox-status.js';
import { addProduce } from './produce.js';
import { repeatable } from './repeatable.js';
import { addReplay } from './replay.js';
import { addSchemaCheck } from './schema-check.js';
import { addSchemaDiff } from './schema-diff.js';
import { addSchemaGenerate } from './schema-generate.js';
import { addWhere } from './where.js';

/**
 * Builds the command line. It loads none of the libraries: each command imports what it needs when it runs, so that
 * help and short commands start quickly.
 */
export function program(io: CliIo): Command {
  let names: SignalNames = new Map();
  const context: CommandContext = { io, requiredNames: () => names };
  const root = new Command('openedx-events')
    .description(
      'Open edX events: send and receive events, inspect a bus, and work with schemas and the event catalogue.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print help')
    .option(
      '--require <module>',
      'load a module that defines events: a package, or a path that starts with ./ (repeatable)',
      repeatable,
    )
    .option('--debug', 'print the stack of an error')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(escapeLines(text)),
      writeErr: (text) => io.stderr.write(escapeLines(text)),
      getOutHelpWidth: () => widthOf(io.stdout),
      getErrHelpWidth: () => widthOf(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showHelpAfterError('(--help lists commands and options)')
    .addHelpText('after', afterHelp)
    .hook('preAction', async () => {
      const specifiers = root.opts<{ require?: string[] }>().require;
      if (specifiers === undefined) return;
      const { requireModules } = await import('../signals/require-modules.js');
      names = await requireModules(specifiers, io.cwd);
    });
  const schema = root.command('schema').description('schema files of events');
  addSchemaGenerate(schema, context);
  addSchemaCheck(schema, context);
  addSchemaDiff(schema, context);
  addTranslations(root, context);
  addEncode(root, context);
  addDecode(root, context);
  addProduce(root, context);
  addConsume(root, context);
  addLag(root, context);
  addDoctor(root, context);
  const dlq = root.command('dlq').description('dead letters: list, show, send again, remove');
  addDlqList(dlq, context);
  addDlqShow(dlq, context);
  addDlqRedrive(dlq, context);
  addDlqPurge(dlq, context);
  addReplay(root, context);
  addWhere(root, context);
  addConsole(root, context);
  addDev(root, context);
  addOutboxCommands(root, context);
  const catalog = root.command('catalog').description('the known events');
  addCatalogList(catalog, context);
  addCatalogShow(catalog, context);
  for (const command of root.commands) if (operating.has(command.name())) givenOnce(command);
  return root;
}

function addTranslations(root: Command, context: CommandContext): void {
  const exports = root.command('export').description('events in the form of other tools and languages');
  addExportPython(exports, context);
  addExportAsyncApi(exports, context);
  const imports = root.command('import').description('TypeScript definitions from what exists');
  addImportAvsc(imports, context);
  addImportPython(imports, context);
}

function addOutboxCommands(root: Command, context: CommandContext): void {
  const outbox = root.command('outbox').description('the transactional outbox of a database');
  addOutboxMigrate(outbox, context);
  addOutboxStatus(outbox, context);
  addOutboxRelay(outbox, context);
  addOutboxShow(outbox, context);
  addOutboxRedrive(outbox, context);
  addOutboxDiscard(outbox, context);
  addOutboxPurge(outbox, context);
}

/** Commands whose options select what is shown, sent again or removed. */
const operating: ReadonlySet<string> = new Set(['lag', 'doctor', 'dlq', 'replay', 'where', 'outbox']);

const afterHelp = `
Exit codes: 0 done, 1 failure, 2 usage, 3 broker, registry or database unreachable, 130 interrupted.`;

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function widthOf(stream: Writable): number {
  return (stream as { readonly columns?: number }).columns ?? 100;
}
