import { commandOf, type RunRecord } from '../results/run-record.js';
import { soak } from '../soak/soak.js';
import {
  type FirstAndLast,
  type ProcessFindings,
  perSecondOf,
  type SoakResult,
} from '../soak/soak-result.js';
import { runThatCounts } from './run-that-counts.js';

/** The section on long runs. */
export function soakSection(records: readonly RunRecord<SoakResult>[]): string {
  const runs = soak.buses.map((bus) => ({ bus, run: runThatCounts(records, soak.name, bus) }));
  const events = [
    '| bus | events | events/s | minutes | lost | ghosts | duplicates | rejected | slowest send |',
    '|---|---|---|---|---|---|---|---|---|',
    ...runs.map(({ bus, run }) => (run === undefined ? `| ${bus} | not run |||||||| |` : figures(run))),
  ];
  const processes = [
    '| bus, process | samples | heap, growth in MB/h | heap used, MB | external, MB | array buffers, MB | resident, MB |',
    '|---|---|---|---|---|---|---|',
    ...runs.flatMap(({ run }) => run?.result.processes.map((one) => memory(run.result.bus, one)) ?? []),
  ];
  const counts = [
    '| bus, process | of what: the most in the first half → the fewest in the last quarter |',
    '|---|---|',
    ...runs.flatMap(({ run }) => run?.result.processes.map((one) => holdings(run.result.bus, one)) ?? []),
  ];
  const commands = runs.flatMap(({ bus, run }) =>
    run === undefined
      ? [`- ${bus}: not run`]
      : [
          `- ${bus}: \`${commandOf(run)}\`, seed ${run.result.seed}, ${run.date.slice(0, 16).replace('T', ' ')} UTC, ${run.machine}`,
          ...run.result.broken.map((promise) => `  - **not kept**: ${promise}`),
        ],
  );
  const isAny = runs.some(({ run }) => run !== undefined);
  return [
    `## Soak\n\n${capital(soak.title)}.`,
    how,
    events.join('\n'),
    ...(isAny ? [processes.join('\n'), counts.join('\n')] : []),
    commands.join('\n'),
  ].join('\n\n');
}

const how = `Each process writes a sample every ${soak.sizes.full.sampleEveryMs / 1_000} s; the first sixth of the time is warm-up and ignored. **Growth of the heap**: least squares over the heap in use after a collection (\`--expose-gc\`; the smallest of five or six measurements between two samples), with 95 % bounds by Student's t; passed when the upper bound is less than ${soak.sizes.full.limits.heapMbPerHour} MB/h (1 MB = 10⁶ bytes), which a short run cannot measure. Memory is that of the first and the last of these samples. **Handles** keep the event loop alive; **listeners** are those of the process, of the signal that stops it, and of its connections; each is the smallest of 50 readings between two samples, because the events in flight vary. **Objects** are in the heap, unreferenced timers included, and are counted in every sixth sample. Passed when the smallest count of the last quarter is not above the largest of the first half.`;

function figures(run: RunRecord<SoakResult>): string {
  const { result } = run;
  const cells = [
    nameOf(run),
    count(result.accepted),
    count(perSecondOf(result)),
    (result.durationMs / 60_000).toFixed(1),
    `**${count(result.lost)}**`,
    count(result.ghosts),
    count(result.duplicates),
    count(result.rejected),
    `${count(result.slowestSendMs)} ms`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function memory(bus: string, findings: ProcessFindings): string {
  const { life, samples, heapMbPerHour: trend } = findings;
  const between = ({ first, last }: FirstAndLast) => `${first.toFixed(1)} → ${last.toFixed(1)}`;
  const cells = [
    `${bus}, ${life}`,
    samples,
    trend === null ? '–' : `**${signed(trend.slope)}** (${signed(trend.lower)} to ${signed(trend.upper)})`,
    between(findings.heapUsedMb),
    between(findings.externalMb),
    between(findings.arrayBuffersMb),
    between(findings.rssMb),
  ];
  return `| ${cells.join(' | ')} |`;
}

function holdings(bus: string, { life, counts }: ProcessFindings): string {
  const texts = Object.entries(counts).map(([name, { first, last }]) => `${name} ${first} → ${last}`);
  return `| ${bus}, ${life} | ${texts.join(', ')} |`;
}

function nameOf({ size, result }: RunRecord<SoakResult>): string {
  return size === 'short' ? `${result.bus} (short)` : result.bus;
}

function signed(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
