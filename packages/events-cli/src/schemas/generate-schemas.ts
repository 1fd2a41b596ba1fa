import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { schemaFileName, schemaFileText } from '@openedx-ts/events-avro';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';
import { fileError, readFileIfPresent } from './file-access.js';
import { selectSignals } from './select-signals.js';

/** Options of `schema generate`. */
export interface GenerateOptions {
  readonly types: readonly string[];
  readonly all: boolean;
  readonly out: string;
  readonly force: boolean;
}

/**
 * Writes the schema files of events, and the path of each to stdout. Without `force`, nothing is written if one of the
 * files exists.
 *
 * @throws CommandError when a type is unknown, a file exists or cannot be written
 */
export async function generateSchemas(options: GenerateOptions, io: CliIo): Promise<void> {
  if (options.all === options.types.length > 0)
    throw new CommandError('CLI_USAGE', 'give either event types or --all');
  const folder = resolve(io.cwd, options.out);
  const signals = await selectSignals(options.all ? 'all' : options.types, (reason) => {
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
    await output.line(join(options.out, name));
  }
  await output.flush();
  writeNote(io.stderr, `${files.length} schema file(s) written to ${options.out}`);
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
