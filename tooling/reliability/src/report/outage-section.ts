import type { OutageFigures, OutageResult } from '../outbox/outages/outage-result.js';
import { outboxOutages } from '../outbox/outages/outbox-outages.js';
import { commandOf, type RunRecord } from '../results/run-record.js';
import { runThatCounts } from './run-that-counts.js';

/** The section on outages of the bus on which an outbox publishes. */
export function outageSection(records: readonly RunRecord<OutageResult>[]): string {
  const { fault, name, title, buses } = outboxOutages;
  const runs = buses.map((bus) => ({ bus, run: runThatCounts(records, name, bus) }));
  const table = [
    '| bus, outage | for | median of a request | p99 of a request | first event after | relay memory | other topic |',
    '|---|---|---|---|---|---|---|',
    ...runs.flatMap(({ bus, run }) => (run === undefined ? [`| ${bus} | not run |||||| |`] : rows(run))),
  ];
  const commands = runs.flatMap(({ bus, run }) =>
    run === undefined ? [`- ${bus}: not run`] : [summary(run), ...run.result.broken.map(notKept)],
  );
  return [`## ${fault} ${name}\n\n${title}. ${how}`, table.join('\n'), commands.join('\n')].join('\n\n');
}

const how =
  'Times and rates are those before → during the outage. **first event after**: from the end of the outage to the next event of the topics that it affected. **relay memory**: by how much the resident memory of the relay grew at most, until all that had waited was published; in brackets the growth of its heap in use after collections, which is what it holds. **other topic**: events a second of a topic that the outage does not affect.';

function rows({ size, result }: RunRecord<OutageResult>): readonly string[] {
  const short = size === 'short' ? ' (short)' : '';
  return result.outages.map(
    (outage) => `| ${result.bus}, ${outage.kind}${short} | ${cells(outage).join(' | ')} |`,
  );
}

function cells(figures: OutageFigures) {
  const { forMs, medianMs, p99Ms, firstAfterMs, memoryGrowthMb, heapGrowthMb, otherRate } = figures;
  const heap = heapGrowthMb === undefined ? '' : ` (${heapGrowthMb.toFixed(1)} MB)`;
  const pair = ([before, during]: readonly [number, number], unit: string) =>
    `${before.toFixed(1)} → ${during.toFixed(1)}${unit}`;
  return [
    `${Math.round(forMs / 1_000)} s`,
    pair(medianMs, ' ms'),
    pair(p99Ms, ' ms'),
    `${(firstAfterMs / 1_000).toFixed(1)} s`,
    `+ ${memoryGrowthMb.toFixed(0)} MB${heap}`,
    otherRate === null ? '–' : pair(otherRate, '/s'),
  ];
}

function summary(run: RunRecord<OutageResult>): string {
  const { bus, committed, lost, ghosts, orderViolations, duplicates, parked } = run.result;
  const counted = `${count(committed)} events, **${count(lost)} lost**, ${count(ghosts)} ghosts, ${count(orderViolations)} out of order, ${count(duplicates)} duplicates, ${count(parked)} parked`;
  const date = run.date.slice(0, 16).replace('T', ' ');
  return `- ${bus}: ${counted}; \`${commandOf(run)}\`, ${(run.result.durationMs / 1_000).toFixed(1)} s, ${date} UTC, ${run.machine}`;
}

function notKept(promise: string): string {
  return `  - **not kept**: ${promise}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
