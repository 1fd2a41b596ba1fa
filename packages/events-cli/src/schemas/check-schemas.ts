import { allKnownSignals } from '../signals/known-signals.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { whileRead } from '../terminal/while-read.js';
import { affectedGroups, type GroupsQuestion } from './affected-groups.js';
import { type CheckFinding, type FailureRules, isFailure } from './check-finding.js';
import { eventFindings } from './event-findings.js';
import { openPublished } from './open-published.js';
import type { PublishedSchemas } from './published-schemas.js';
import type { CheckMode } from './schema-breaks.js';
import { selectSignals } from './select-signals.js';
import { unknownEventFindings } from './unknown-event-findings.js';

/** Options of `schema check`. */
export interface CheckOptions extends FailureRules {
  readonly against: string;
  readonly mode: CheckMode;
  readonly types: readonly string[] | undefined;
  /** Only events of the modules of `--require`. */
  readonly own: boolean;
  /** Names the groups that receive the events with failures. */
  readonly groups: GroupsQuestion | undefined;
}

/**
 * Compares events with what was published of them and writes each finding with its cure.
 *
 * @throws CommandError when a finding is a failure
 */
export async function checkSchemas(options: CheckOptions, io: CliIo): Promise<void> {
  const { against, mode, types } = options;
  const signals = await selectSignals(types ?? (options.own ? 'own' : 'all'));
  const published = await openPublished(against, io);
  const findings: CheckFinding[] = [...unchecked(published)];
  for (const signal of signals) {
    io.abortSignal.throwIfAborted();
    findings.push(...(await eventFindings(signal, published, mode)));
  }
  if (types === undefined) findings.push(...(await unknownEventFindings(published, await allKnownSignals())));
  const failures = findings.filter((finding) => isFailure(finding, options));
  const summary = `${signals.length} schema(s) checked against ${against}, mode ${mode}`;
  const output = lineWriter(io);
  await whileRead(async () => {
    for (const line of findings.flatMap(linesOf)) await output.line(line);
    for (const line of await groupLines(failures, options, io)) await output.line(line);
    if (failures.length === 0) await output.line(`OK            ${summary}`);
    await output.flush();
  });
  if (failures.length > 0)
    throw new CommandError('CLI_CHECK_FAILED', `${summary}: ${failures.length} problem(s), listed on stdout`);
}

async function groupLines(
  failures: readonly CheckFinding[],
  { groups }: CheckOptions,
  io: CliIo,
): Promise<readonly string[]> {
  if (groups === undefined) return [];
  const types = new Set(failures.flatMap(({ eventType }) => eventType ?? []));
  const lines = await affectedGroups([...types], groups, io);
  return lines.map((line) => `${'groups'.padEnd(WIDTH)}${line}`);
}

function linesOf({ kind, text, cure }: CheckFinding): readonly string[] {
  const line = `${kind.padEnd(WIDTH)}${text}`;
  return cure === undefined ? [line] : [line, `${' '.repeat(WIDTH)}→ ${cure}`];
}

const WIDTH = 14;

function unchecked({ definitions, isWorkingCopy, label }: PublishedSchemas): readonly CheckFinding[] {
  if (definitions !== undefined) return [];
  const text = `${label}: there are no definitions beside the schemas: symbols, custom types, defaults, keys and pii are not compared`;
  return isWorkingCopy
    ? [{ kind: 'unchecked', text, cure: 'run schema generate --force, and commit definitions.json' }]
    : [{ kind: 'note', text }];
}
