// npm run reliability: runs scenarios in full size, keeps what came of them in results/, and writes RELIABILITY.md.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { buses } from './buses/buses.js';
import { type Hostile, hostile } from './hostile/hostile.js';
import { hostileFiguresOf } from './hostile/hostile-result.js';
import { runHostile } from './hostile/run-hostile.js';
import { type AnyScenario, type Chosen, chosen } from './options.js';
import { outboxFiguresOf } from './outbox/outbox-result.js';
import type { OutboxScenario } from './outbox/outbox-scenario.js';
import { outboxScenarios } from './outbox/outbox-scenarios.js';
import { runOutbox } from './outbox/run-outbox.js';
import { mariadbUnderTest, postgresUnderTest } from './outbox/server-under-test.js';
import { reportFile, resultsFolder } from './paths.js';
import { type OtherVersion, otherVersion } from './processes/other-version.js';
import { reliabilityReport } from './report/reliability-report.js';
import { addResultFile, readResultFiles } from './results/result-files.js';
import { type AnyRecord, recordOf } from './results/run-record.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios/scenarios.js';
import { runSoak } from './soak/run-soak.js';
import { type Soak, soak } from './soak/soak.js';
import { soakFiguresOf } from './soak/soak-result.js';

process.env.TMPDIR ||= tmpdir(); // servers write to the disk: runs are long, and reported
const { runs, size, seed, minutes, onlyWrites, other } = choice();
if (!onlyWrites) for (const run of runs) await keep(run);
writeFileSync(reportFile, reliabilityReport(scenarios, readResultFiles(resultsFolder)));
process.exit(); // what broken connections leave open in the proxy would keep it running

/** A run that fails is reported, and the next one starts. */
async function keep({ scenario, bus: name }: Chosen['runs'][number]): Promise<void> {
  try {
    if (scenario.name === 'hostile') return await attack(scenario as Hostile, busOf(name));
    const { figures, record } = isOutbox(scenario)
      ? await doneWithOutbox(scenario, name)
      : await done(scenario as Scenario | Soak, busOf(name));
    const file = addResultFile(resultsFolder, record);
    const { broken } = record.result;
    show(figures, broken);
    process.stdout.write(`  ${file}\n`);
  } catch (error) {
    process.stderr.write(`${scenario.name} on ${name} came to no end: ${String(error)}\n`);
    process.exitCode = 1;
  }
}

function busOf(name: string): BusUnderTest {
  return buses.find((one) => one.name === name) as BusUnderTest;
}

function isOutbox(scenario: AnyScenario): scenario is OutboxScenario {
  return outboxScenarios.some(({ name }) => name === scenario.name);
}

async function doneWithOutbox(
  scenario: OutboxScenario,
  name: string,
): Promise<{ readonly figures: string; readonly record: AnyRecord }> {
  const database = name === 'mariadb' ? mariadbUnderTest : postgresUnderTest;
  const result = await runOutbox(scenario, { database, seed, size: scenario.sizes[size] });
  return { figures: outboxFiguresOf(result), record: recordOf(result, size) };
}

/** What it finds is for a test, not for the report. */
async function attack(scenario: Hostile, bus: BusUnderTest): Promise<void> {
  const seconds = minutes === undefined ? scenario.sizes[size].seconds : minutes * 60;
  const report = (text: string) => void process.stderr.write(`hostile on ${bus.name}: ${text}\n`);
  const result = await runHostile({ bus, seed, seconds, report });
  show(hostileFiguresOf(result), result.broken);
}

function show(figures: string, broken: readonly string[]): void {
  process.stdout.write(`${figures}\n${broken.map((promise) => `  not kept: ${promise}\n`).join('')}`);
  if (broken.length > 0) process.exitCode = 1;
}

async function done(
  scenario: Scenario | Soak,
  bus: BusUnderTest,
): Promise<{ readonly figures: string; readonly record: AnyRecord }> {
  if ('fault' in scenario) {
    const result = await runScenario(scenario, { bus, seed, size: scenario.sizes[size], other });
    return { figures: figuresOf(result), record: recordOf(result, size) };
  }
  const report = (text: string) => void process.stderr.write(`soak on ${bus.name}: ${text}\n`);
  const result = await runSoak({ bus, seed, size: scenario.sizes[size], report });
  return { figures: soakFiguresOf(result), record: recordOf(result, size) };
}

function choice(): Chosen & { readonly other: OtherVersion | undefined } {
  try {
    const choice = chosen(process.argv.slice(2), [...scenarios, ...outboxScenarios, soak, hostile]);
    const { against } = choice;
    return { ...choice, other: against === undefined ? undefined : otherVersion(against) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(2);
  }
}
