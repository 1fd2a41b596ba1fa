import type { PartitionPauses } from '../checker/partition-recoveries.js';
import {
  type AnyRecord,
  commandOf,
  isOutageRecord,
  isOutboxRecord,
  isSoakRecord,
  type RunRecord,
} from '../results/run-record.js';
import type { Scenario } from '../scenario.js';
import { limits } from './limits.js';
import { outageSection } from './outage-section.js';
import { outboxSections } from './outbox-sections.js';
import { repeatedTestsSection } from './repeated-tests-section.js';
import { runThatCounts } from './run-that-counts.js';
import { soakSection } from './soak-section.js';

/** `RELIABILITY.md`: what the runs that are kept have shown, and what has not been run. */
export function reliabilityReport(scenarios: readonly Scenario[], records: readonly AnyRecord[]): string {
  const runs = records.filter(
    (record): record is RunRecord =>
      !isSoakRecord(record) && !isOutboxRecord(record) && !isOutageRecord(record),
  );
  const rows = scenarios.flatMap((scenario) =>
    scenario.buses.map((bus): Row => ({ scenario, bus, run: runThatCounts(runs, scenario.name, bus) })),
  );
  return `${[
    heading,
    summary(rows),
    columns,
    ...scenarios.map((scenario) =>
      section(
        scenario,
        rows.filter((row) => row.scenario === scenario),
      ),
    ),
    outboxSections(records.filter(isOutboxRecord)),
    outageSection(records.filter(isOutageRecord)),
    soakSection(records.filter(isSoakRecord)),
    repeatedTestsSection(),
    limits,
  ].join('\n\n')}\n`;
}

/** A scenario on a bus, and the run that counts for it. */
interface Row {
  readonly scenario: Scenario;
  readonly bus: string;
  readonly run: RunRecord | undefined;
}

const heading = `# Reliability

Producers and consumers run as processes on real brokers, faults are injected, and every event is counted. The figures come from the result files in [\`tooling/reliability/results\`](tooling/reliability/results), one for each run; \`npm run reliability\` generates this page from them. The newest run of a scenario counts, and a short run only while there is no full one. How the rig counts: [\`tooling/reliability\`](tooling/reliability/README.md).`;

const columns = `- **lost**: events that the broker accepted, that no receiver finished, and that are no dead letters.
- **ghosts**: handled, and never sent, or not as it was sent.
- **duplicates**: how many times too often a receiver finished an event. **redelivered**: events that were received again after their process was killed, and the most for one kill; in brackets the events that were received again for another reason.
- **copies**: how many times too often events lie in the log of the broker, read back by position; – where the rig does not read it.
- **dead letters**: different events among the dead letters of the group; – where none is expected.
- **duplicate effects**: how many effects of receivers with an inbox happened more than once.
- **order**: events of a key that were first finished after a later one of the same key; – where it is not promised.
- **recovery**: the longest time from a fault to the next event that was handled, whichever member handled it. **longest pause**: the longest time between two handled events from the first fault on.`;

function summary(rows: readonly Row[]): string {
  const runs = rows.flatMap(({ run }) => (run === undefined ? [] : [run.result]));
  const sum = (of: (result: RunRecord['result']) => number) =>
    count(runs.reduce((total, result) => total + of(result), 0));
  const isAllowed = ({ broken }: RunRecord['result']) => broken.length === 0;
  const lost = sum((result) => (isAllowed(result) ? 0 : result.lost));
  const unreplicated = sum((result) => (isAllowed(result) ? result.lost : 0));
  const missing = rows.length - runs.length;
  const isShort = rows.filter(({ run }) => run?.size === 'short').length;
  return [
    `${runs.length} runs count: ${sum(({ accepted }) => accepted)} events, ${sum(({ faults }) => faults)} faults, **${lost} lost**, ${sum(({ ghosts }) => ghosts)} ghosts, ${sum(({ orderViolations }) => orderViolations ?? 0)} events out of order where order is promised.`,
    unreplicated === '0'
      ? ''
      : ` Killed primaries took ${unreplicated} more with them on buses with \`-primary\`, where an event counts as accepted before a replica has it.`,
    isShort > 0 ? ` Short: ${isShort}.` : '',
    missing > 0 ? ` Not run: ${missing}, each listed below.` : '',
  ].join('');
}

function section({ fault, name, title }: Scenario, rows: readonly Row[]): string {
  const table = [
    '| bus | events | faults | lost | ghosts | copies | duplicates | redelivered | order | dead letters | duplicate effects | recovery | longest pause |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(({ bus, run }) => (run === undefined ? `| ${bus} | not run |||||||||||| |` : figures(run))),
  ].join('\n');
  const commands = rows.flatMap(({ bus, run }) =>
    run === undefined
      ? [`- ${bus}: not run`]
      : [
          `- ${bus}: \`${commandOf(run)}\`, seed ${run.result.seed}, ${seconds(run.result.durationMs)}, ${run.date.slice(0, 16).replace('T', ' ')} UTC, ${run.machine}`,
          ...(run.result.pauses === undefined ? [] : [pausesOf(run.result.pauses)]),
          ...run.result.broken.map((promise) => `  - **not kept**: ${promise}`),
        ],
  );
  return `## ${fault} ${name}\n\n${capital(title)}.\n\n${table}\n\n${commands.join('\n')}`;
}

function figures({ size, result }: RunRecord): string {
  const { redelivered, worstRedelivered, redeliveredOtherwise, orderViolations, deadLetters } = result;
  const otherwise = redeliveredOtherwise > 0 ? ` (${count(redeliveredOtherwise)})` : '';
  const cells = [
    size === 'short' ? `${result.bus} (short)` : result.bus,
    count(result.accepted),
    count(result.faults),
    `**${count(result.lost)}**`,
    count(result.ghosts),
    result.copies === undefined ? '–' : count(result.copies),
    count(result.duplicates),
    `${count(redelivered)}${redelivered > 0 ? `, at most ${count(worstRedelivered)}` : ''}${otherwise}`,
    orderViolations === null ? '–' : count(orderViolations),
    deadLetters === null ? '–' : count(deadLetters.events),
    result.effects === null ? '–' : count(result.effects.twice),
    recovery(result.worstRecoveryMs),
    seconds(result.longestPauseMs),
  ];
  return `| ${cells.join(' | ')} |`;
}

function pausesOf({ affectedMs, othersMs, afterElectionMs }: PartitionPauses): string {
  const within = (ms: number | null) => (ms === null ? 'not measured' : `at most ${seconds(ms)}`);
  const elected =
    afterElectionMs === undefined
      ? ''
      : ` (${within(afterElectionMs)} after every running node knew their leaders)`;
  return `  - from a fault until a partition accepts an event that was sent after it: ${within(affectedMs)} for partitions that the fault affects${elected}, ${within(othersMs)} for others`;
}

function recovery(worstMs: number | null): string {
  if (worstMs === null) return 'never';
  return worstMs === 0 ? '–' : seconds(worstMs);
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
