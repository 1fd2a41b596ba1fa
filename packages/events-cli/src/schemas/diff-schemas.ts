import { join, resolve } from 'node:path';
import { schemaFileName, schemaOf } from '@openedx-ts/events-avro';
import { signalWithSchema } from '../signals/signal-with-schema.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { type FieldChange, fieldChanges } from './field-changes.js';
import { fileError, isFolder, readFileIfPresent } from './file-access.js';
import { breakText, type SchemaBreak, type SchemaSide, schemaBreaks } from './schema-breaks.js';
import { type SchemaLayout, schemaLayout } from './schema-layout.js';

/** Options of `schema diff`: an event type and an older schema, or an old and a new file. */
export interface DiffOptions {
  readonly first: string;
  readonly second: string | undefined;
  readonly against: string | undefined;
}

/**
 * Writes the differences between a schema and an older one, field by field, and what each of them breaks.
 *
 * @throws CommandError when a file cannot be read or is not an Avro schema, or an event type is unknown
 */
export async function diffSchemas(options: DiffOptions, io: CliIo): Promise<void> {
  const { before, after, breaks } = await compared(options, io);
  const layouts = [schemaLayout(JSON.parse(before.text)), schemaLayout(JSON.parse(after.text))] as const;
  const changes = fieldChanges(...layouts);
  const output = lineWriter(io);
  await output.line(`${before.label} → ${after.label}`);
  for (const line of [...changeLines(changes, breaks), ...otherBreakLines(changes, breaks)])
    await output.line(line);
  if (changes.length === 0 && breaks.length === 0) await output.line('no differences');
  await output.flush();
  if (byteLayout(layouts[0]) !== byteLayout(layouts[1])) io.stderr.write(pythonRedisNote);
}

async function compared(options: DiffOptions, io: CliIo) {
  const { first, second, against } = options;
  if ((second === undefined) === (against === undefined))
    throw new CommandError('CLI_USAGE', 'give an event type and --against, or an old and a new schema file');
  if (second !== undefined) {
    const before = await fileSide(first, io);
    const after = await fileSide(second, io);
    return { before, after, breaks: schemaBreaks(before, after) };
  }
  const signal = await signalWithSchema(first);
  const path = against as string;
  const isInside = await isFolder(resolve(io.cwd, path));
  const before = await fileSide(isInside ? join(path, schemaFileName(first)) : path, io);
  const after = { label: first, text: schemaOf(signal).text };
  return { before, after, breaks: schemaBreaks(before, after) };
}

async function fileSide(path: string, io: CliIo): Promise<SchemaSide> {
  const text = await readFileIfPresent(resolve(io.cwd, path));
  if (text === undefined) throw fileError(path, Object.assign(new Error(), { code: 'ENOENT' }));
  return { label: path, text };
}

function changeLines(changes: readonly FieldChange[], breaks: readonly SchemaBreak[]): string[] {
  return changes.map((change) => {
    const of = breaks.filter((one) => fieldOf(one.path) === change.path);
    const effect = of.length === 0 ? 'breaks nothing' : of.map(breakText).join('; ');
    return `${marks[change.kind]} ${change.path === '' ? 'the event' : change.path}: ${change.text}: ${effect}`;
  });
}

/** Breaks that belong to no changed field, e.g. the new name of a record. */
function otherBreakLines(changes: readonly FieldChange[], breaks: readonly SchemaBreak[]): string[] {
  const reported = new Set(changes.map(({ path }) => path));
  return breaks
    .filter(({ path }) => !reported.has(fieldOf(path)))
    .map((one) => `! ${one.path === '' ? 'the event' : one.path}: ${breakText(one)}`);
}

/** The path of the field that a list item or map value belongs to. */
function fieldOf(path: string): string {
  return path.replace(/(\[\]|\{\})+$/, '');
}

const marks = { added: '+', removed: '-', changed: '~', reordered: '~' } as const;

/** What decides the layout of the bytes: fields and types in their order, without defaults. */
function byteLayout(layout: SchemaLayout): string {
  return Array.from(layout, ([path, { type }]) => `${path}: ${type}`).join('\n');
}

const pythonRedisNote =
  'note: Python services on Redis Streams do not use the schema of the writer: ' +
  'they misread events until both services have the same schema\n';
