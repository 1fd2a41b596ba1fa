import { join, resolve } from 'node:path';
import { schemaFileName, schemaOf } from '@openedx-ts/events-avro';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { listFolder, readFileIfPresent } from './file-access.js';
import { breakText, type CheckMode, type SchemaBreak, schemaBreaks } from './schema-breaks.js';
import { selectSignals } from './select-signals.js';

/** Options of `schema check`. */
export interface CheckOptions {
  readonly against: string;
  readonly mode: CheckMode;
  readonly types: readonly string[] | undefined;
}

/**
 * Compares the schemas of events with the files in a folder and writes each finding on a line.
 *
 * @throws CommandError when a file is missing or a schema is not compatible in the direction of `mode`
 */
export async function checkSchemas(options: CheckOptions, io: CliIo): Promise<void> {
  const folder = resolve(io.cwd, options.against);
  const present = await listFolder(folder);
  const signals = await selectSignals(options.types ?? 'all');
  const findings: Finding[] = [];
  for (const signal of signals) {
    io.abortSignal.throwIfAborted();
    findings.push(...(await checkOne(signal, folder, options.mode)));
  }
  if (options.types === undefined) findings.push(...extraFiles(present, signals));
  const output = lineWriter(io);
  for (const { kind, text } of findings) await output.line(`${kind.padEnd(12)}  ${text}`);
  const summary = `${signals.length} schema(s) checked against ${options.against}, mode ${options.mode}`;
  const failures = findings.filter(({ kind }) => kind === 'missing' || kind === 'incompatible');
  if (failures.length === 0) await output.line(`OK            ${summary}`);
  await output.flush();
  if (failures.length > 0)
    throw new CommandError('CLI_CHECK_FAILED', `${summary}: ${failures.length} problem(s), listed on stdout`);
}

interface Finding {
  readonly kind: 'missing' | 'incompatible' | 'changed' | 'extra';
  readonly text: string;
}

async function checkOne(
  signal: OpenEdxPublicSignal,
  folder: string,
  mode: CheckMode,
): Promise<readonly Finding[]> {
  const file = schemaFileName(signal.eventType);
  const stored = await readFileIfPresent(join(folder, file));
  if (stored === undefined)
    return [
      {
        kind: 'missing',
        text: `${file}: there is no schema file of ${signal.eventType}: run schema generate`,
      },
    ];
  const published = { label: join(folder, file), text: stored };
  const present = { label: signal.eventType, text: schemaOf(signal).text };
  const breaks = schemaBreaks(published, present).filter(
    ({ direction }) => mode === 'full' || mode === direction,
  );
  if (breaks.length > 0) {
    const at = ({ path }: SchemaBreak) => (path === '' ? 'the event' : path);
    return breaks.map((schemaBreak) => ({
      kind: 'incompatible',
      text: `${file}: ${at(schemaBreak)}: ${breakText(schemaBreak)}`,
    }));
  }
  if (isSameSchema(stored, signal)) return [];
  return [
    {
      kind: 'changed',
      text: `${file}: compatible, but the file is out of date: run schema generate --force for it`,
    },
  ];
}

function isSameSchema(stored: string, signal: OpenEdxPublicSignal): boolean {
  return sorted(JSON.parse(stored)) === sorted(schemaOf(signal).json);
}

/** Formats a schema with sorted keys, so that their order does not matter. */
function sorted(json: unknown): string {
  return JSON.stringify(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function extraFiles(present: readonly string[], signals: readonly OpenEdxPublicSignal[]): readonly Finding[] {
  const expected = new Set(signals.map(({ eventType }) => schemaFileName(eventType)));
  return present
    .filter((file) => file.endsWith('.avsc') && !expected.has(file))
    .map((file) => ({ kind: 'extra', text: `${file}: the file of no known event` }));
}
