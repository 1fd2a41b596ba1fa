import { dirname, join, resolve } from 'node:path';
import { definitionOfSchema } from '../definitions/definition-of-schema.js';
import { definitionsFileName, parseDefinitions } from '../definitions/definitions-file.js';
import { constantName, type NamedEvent } from '../definitions/named-event.js';
import { fileError, readFileIfPresent } from '../schemas/file-access.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';
import { typeScriptModule } from '../typescript/typescript-module.js';

/**
 * Writes a TypeScript module with the events of schema files. Where `definitions.json` lies beside a file, it adds what
 * the schema lacks: custom types, `pii`, the key.
 *
 * @throws CommandError when a file cannot be read, or has what no definition can express
 */
export async function importAvsc(files: readonly string[], io: CliIo): Promise<void> {
  const events: NamedEvent[] = [];
  for (const file of files) events.push(await eventOf(file, io));
  const output = lineWriter(io);
  for (const line of typeScriptModule(events).trimEnd().split('\n')) await output.line(line);
  await output.flush();
}

async function eventOf(file: string, io: CliIo): Promise<NamedEvent> {
  const text = await readFileIfPresent(resolve(io.cwd, file));
  if (text === undefined) throw fileError(file, Object.assign(new Error(), { code: 'ENOENT' }));
  const { eventType, definition } = definitionOfSchema(file, text);
  const beside = join(dirname(file), definitionsFileName);
  const definitions = await readFileIfPresent(resolve(io.cwd, beside));
  const stored = definitions === undefined ? undefined : parseDefinitions(beside, definitions).get(eventType);
  if (stored === undefined)
    writeNote(io.stderr, `note: ${eventType}: a schema has no custom types, pii and key: add them`);
  return {
    name: constantName(eventType),
    eventType,
    minorVersion: 0,
    doc: undefined,
    definition: stored ?? definition,
  };
}
