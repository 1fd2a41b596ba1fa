// npm run reliability: runs scenarios in full size, keeps what came of them in results/, and writes RELIABILITY.md.
import { writeFileSync } from 'node:fs';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { buses } from './buses/buses.js';
import { type Chosen, chosen } from './options.js';
import { reportFile, resultsFolder } from './paths.js';
import { reliabilityReport } from './report/reliability-report.js';
import { addResultFile, readResultFiles } from './results/result-files.js';
import { recordOf } from './results/run-record.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import { scenarios } from './scenarios/scenarios.js';

const { runs, size, seed, onlyWrites } = choice();
if (!onlyWrites) for (const run of runs) await keep(run);
writeFileSync(reportFile, reliabilityReport(scenarios, readResultFiles(resultsFolder)));
process.exit(); // what broken connections leave open in the proxy would keep it running

/** A run that cannot be done to its end is said, and the next begins. */
async function keep({ scenario, bus: name }: Chosen['runs'][number]): Promise<void> {
  const bus = buses.find((one) => one.name === name) as BusUnderTest;
  try {
    const result = await runScenario(scenario, { bus, seed, size: scenario.sizes[size] });
    const file = addResultFile(resultsFolder, recordOf(result, size));
    const broken = result.broken.map((promise) => `  not kept: ${promise}\n`).join('');
    process.stdout.write(`${figuresOf(result)}\n${broken}  ${file}\n`);
    if (result.broken.length > 0) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${scenario.fault} ${scenario.name} on ${name} came to no end: ${String(error)}\n`);
    process.exitCode = 1;
  }
}

function choice(): Chosen {
  try {
    return chosen(process.argv.slice(2), scenarios);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(2);
  }
}
