import type { OutboxResult } from '../outbox/outbox-result.js';
import type { OutboxScenario } from '../outbox/outbox-scenario.js';
import { outboxScenarios } from '../outbox/outbox-scenarios.js';
import { commandOf, type RunRecord } from '../results/run-record.js';
import { runThatCounts } from './run-that-counts.js';

/** The sections on services with an outbox. */
export function outboxSections(records: readonly RunRecord<OutboxResult>[]): string {
  return outboxScenarios.map((scenario) => section(scenario, records)).join('\n\n');
}

function section({ fault, name, title, buses }: OutboxScenario, records: readonly RunRecord<OutboxResult>[]) {
  const runs = buses.map((bus) => ({ bus, run: runThatCounts(records, name, bus) }));
  const table = [
    '| database, bus | events | faults | lost | ghosts | order | deadlocks | duplicates | take-over | recovery |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...runs.map(({ bus, run }) => (run === undefined ? `| ${bus} | not run ||||||||| |` : figures(run))),
  ];
  const commands = runs.flatMap(({ bus, run }) =>
    run === undefined
      ? [`- ${bus}: not run`]
      : [
          `- ${bus}: \`${commandOf(run)}\`, seed ${run.result.seed}, ${seconds(run.result.durationMs)}, ${run.date.slice(0, 16).replace('T', ' ')} UTC, ${run.machine}`,
          ...run.result.broken.map((promise) => `  - **not kept**: ${promise}`),
        ],
  );
  const heading = `## ${fault} ${name}\n\n${title}. ${how}`;
  return [heading, table.join('\n'), commands.join('\n')].join('\n\n');
}

const how =
  'Each transaction has one to ten events, half of them on a few hot keys. What was committed is a table that the same transactions write. **lost**: committed, never published. **ghosts**: published, and not committed. **order**: events that were first published after a later one of their key. **duplicates**: all, and the most after one fault. **take-over**: the longest time from a fault of the active relay until another held the lease. **recovery**: the longest time from a fault to the next published event.';

function figures({ size, result }: RunRecord<OutboxResult>): string {
  const cells = [
    `${result.bus}, ${result.publishesOn}${size === 'short' ? ' (short)' : ''}`,
    count(result.committed),
    faults(result),
    `**${count(result.lost)}**`,
    count(result.ghosts),
    count(result.orderViolations),
    count(result.deadlocks),
    `${count(result.duplicates)}${result.duplicates > 0 ? `, at most ${count(result.worstDuplicates)}` : ''}`,
    result.worstTakeOverMs === null
      ? '–'
      : `${seconds(result.worstTakeOverMs)}, lease ${seconds(result.leaseMs)}`,
    result.worstRecoveryMs === null ? '–' : seconds(result.worstRecoveryMs),
  ];
  return `| ${cells.join(' | ')} |`;
}

function faults({ faults: { writerKills, relayKills, relayFreezes, databaseKills } }: OutboxResult): string {
  const of = (number: number, what: string) => (number > 0 ? [`${count(number)} ${what}`] : []);
  return [
    ...of(writerKills, 'kills of a process with writers'),
    ...of(relayKills, 'kills of the relay'),
    ...of(relayFreezes, 'freezes of it'),
    ...of(databaseKills, 'kills of the database'),
  ].join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
