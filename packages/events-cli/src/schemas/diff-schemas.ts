import { join, resolve } from 'node:path';
import { schemaFileName, schemaOf } from '@openedx-ts/events-avro';
import type { CliIo } from '../cli-io.js';
import { CommandError } from '../command-error.js';
import { signalWithSchema } from '../signals/signal-with-schema.js';
import { lineWriter } from '../streams/line-writer.js';
import { type FieldChange, fieldChanges } from './field-changes.js';
import { fileError, isFolder, readIfThere } from './files.js';
import { breakText, type SchemaBreak, type SchemaSide, schemaBreaks } from './schema-breaks.js';
import { type SchemaLayout, schemaLayout } from './schema-layout.js';

/** What `schema diff` was asked for: an event type and what it is held against, or an old and a new file. */
export interface DiffOptions {
  readonly first: string;
  readonly second: string | undefined;
  readonly against: string | undefined;
}

/**
 * Writes how a schema differs from an older one, field by field, and what each change breaks.
 *
 * @throws CommandError
 */
export async function diffSchemas(options: DiffOptions, io: CliIo): Promise<void> {
  const { before, after, breaks } = await compared(options, io);
  const layouts = [schemaLayout(JSON.parse(before.text)), schemaLayout(JSON.parse(after.text))] as const;
  const changes = fieldChanges(...layouts);
  const output = lineWriter(io);
  await output.line(`${before.label} → ${after.label}`);
  for (const line of [...changeLines(changes, breaks), ...otherBreakLines(changes, breaks)])
    await output.line(line);
  if (changes.length === 0 && breaks.length === 0) await output.line('no field differs');
  await output.flush();
  if (bytesOf(layouts[0]) !== bytesOf(layouts[1])) io.stderr.write(unresolvedReaders);
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
  const text = await readIfThere(resolve(io.cwd, path));
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

/** What breaks without a field that changed, e.g. a record that has another name. */
function otherBreakLines(changes: readonly FieldChange[], breaks: readonly SchemaBreak[]): string[] {
  const told = new Set(changes.map(({ path }) => path));
  return breaks
    .filter(({ path }) => !told.has(fieldOf(path)))
    .map((one) => `! ${one.path === '' ? 'the event' : one.path}: ${breakText(one)}`);
}

/** The field that a place in a list or map belongs to. */
function fieldOf(path: string): string {
  return path.replace(/(\[\]|\{\})+$/, '');
}

const marks = { added: '+', removed: '-', changed: '~', reordered: '~' } as const;

/** What decides how data is laid out in bytes: fields and types in their order, defaults aside. */
function bytesOf(layout: SchemaLayout): string {
  return Array.from(layout, ([path, { type }]) => `${path}: ${type}`).join('\n');
}

const unresolvedReaders =
  'note: Python services on Redis Streams do not see the schema of the writer: ' +
  'they misread events until both sides have the same schema\n';
