// npm run reliability: runs scenarios in full size, keeps what came of them in results/, and writes RELIABILITY.md.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { buses } from './buses/buses.js';
import { type Hostile, hostile } from './hostile/hostile.js';
import { hostileFiguresOf } from './hostile/hostile-result.js';
import { runHostile } from './hostile/run-hostile.js';
import { type AnyScenario, type Chosen, chosen } from './options.js';
import { outageFiguresOf } from './outbox/outages/outage-result.js';
import type { OutageScenario } from './outbox/outages/outage-scenario.js';
import { outboxOutages } from './outbox/outages/outbox-outages.js';
import { runOutages } from './outbox/outages/run-outages.js';
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
    const { figures, record } = await anyDone(scenario, name);
    const file = addResultFile(resultsFolder, record);
    const { broken } = record.result;
    show(figures, broken);
    process.stdout.write(`  ${file}\n`);
  } catch (error) {
    process.stderr.write(`${scenario.name} on ${name} came to no end: ${String(error)}\n`);
    process.exitCode = 1;
  }
}

function anyDone(scenario: AnyScenario, name: string): Promise<Done> {
  if (isOutbox(scenario)) return doneWithOutbox(scenario, name);
  if (scenario.name === outboxOutages.name) return doneWithOutages(scenario as OutageScenario, name);
  return done(scenario as Scenario | Soak, busOf(name));
}

interface Done {
  readonly figures: string;
  readonly record: AnyRecord;
}

async function doneWithOutages(scenario: OutageScenario, name: string): Promise<Done> {
  const result = await runOutages(name as 'redis' | 'kafka', { seed, size: scenario.sizes[size] });
  return { figures: outageFiguresOf(result), record: recordOf(result, size) };
}

function busOf(name: string): BusUnderTest {
  return buses.find((one) => one.name === name) as BusUnderTest;
}

function isOutbox(scenario: AnyScenario): scenario is OutboxScenario {
  return outboxScenarios.some(({ name }) => name === scenario.name);
}

async function doneWithOutbox(scenario: OutboxScenario, name: string): Promise<Done> {
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

async function done(scenario: Scenario | Soak, bus: BusUnderTest): Promise<Done> {
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
    const choice = chosen(process.argv.slice(2), [
      ...scenarios,
      ...outboxScenarios,
      outboxOutages,
      soak,
      hostile,
    ]);
    const { against } = choice;
    return { ...choice, other: against === undefined ? undefined : otherVersion(against) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(2);
  }
}
