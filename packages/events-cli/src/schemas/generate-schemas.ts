import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { schemaFileName, schemaFileText } from '@openedx-ts/events-avro';
import { definitionOf } from '../definitions/definition-of.js';
import {
  definitionsFileName,
  definitionsFileText,
  type EventDefinitions,
  parseDefinitions,
} from '../definitions/definitions-file.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { whileRead } from '../terminal/while-read.js';
import { writeNote } from '../terminal/write-note.js';
import { fileError, listFolder, readFileIfPresent } from './file-access.js';
import { selectSignals } from './select-signals.js';

/** Options of `schema generate`. */
export interface GenerateOptions {
  readonly types: readonly string[];
  readonly all: boolean;
  /** Every event of the modules of `--require`. */
  readonly own: boolean;
  readonly out: string;
  readonly force: boolean;
}

/**
 * Writes the schema files of events and their definitions, and the path of each file to stdout. Without `force`, nothing
 * is written if one of the schema files exists; the definitions of other events stay.
 *
 * @throws CommandError when a type is unknown, a file exists or cannot be written
 */
export async function generateSchemas(options: GenerateOptions, io: CliIo): Promise<void> {
  const folder = resolve(io.cwd, options.out);
  const signals = await selectSignals(selectionOf(options), (reason) => {
    writeNote(io.stderr, `note: ${reason}`);
  });
  const files = signals.map((signal) => ({
    name: schemaFileName(signal.eventType),
    text: schemaFileText(signal),
  }));
  if (!options.force) await refuseExisting(options.out, folder, files);
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw fileError(options.out, error);
  });
  const output = lineWriter(io);
  for (const { name, text } of files) {
    const flag = options.force ? 'w' : 'wx';
    await writeFile(join(folder, name), text, { flag }).catch((error: NodeJS.ErrnoException) => {
      throw fileError(join(options.out, name), error);
    });
    await whileRead(() => output.line(join(options.out, name)));
  }
  const definitions = new Map(signals.map((signal) => [signal.eventType, definitionOf(signal)]));
  await writeDefinitions(folder, options.out, definitions);
  await whileRead(() => output.line(join(options.out, definitionsFileName)));
  await whileRead(() => output.flush());
  writeNote(io.stderr, `${files.length} schema file(s) written to ${options.out}`);
}

function selectionOf({ types, all, own }: GenerateOptions): readonly string[] | 'all' | 'own' {
  if ([types.length > 0, all, own].filter(Boolean).length !== 1)
    throw new CommandError('CLI_USAGE', 'give either event types, --own or --all');
  return all ? 'all' : own ? 'own' : types;
}

/** Adds definitions to the file; others stay as long as the schema file of their event does. */
async function writeDefinitions(folder: string, out: string, definitions: EventDefinitions): Promise<void> {
  const file = join(folder, definitionsFileName);
  const text = await readFileIfPresent(file);
  const present = new Set(await listFolder(folder));
  const before = text === undefined ? [] : [...parseDefinitions(join(out, definitionsFileName), text)];
  const kept = before.filter(([eventType]) => present.has(schemaFileName(eventType)));
  await writeFile(file, definitionsFileText(new Map([...kept, ...definitions]))).catch(
    (error: NodeJS.ErrnoException) => {
      throw fileError(join(out, definitionsFileName), error);
    },
  );
}

async function refuseExisting(
  out: string,
  folder: string,
  files: readonly { readonly name: string }[],
): Promise<void> {
  const existing: string[] = [];
  for (const { name } of files) {
    if ((await readFileIfPresent(join(folder, name))) !== undefined) existing.push(name);
  }
  if (existing.length === 0) return;
  throw new CommandError(
    'CLI_FILE',
    `nothing was written: these files exist in ${out} (--force overwrites them): ${existing.join(', ')}`,
  );
}
