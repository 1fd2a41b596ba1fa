import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder, toolScript } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { toolEnvironment } from '../setup/tool-environment.mjs';

/**
 * Runs one project of vitest.config.ts and counts its tests.
 * @param {string} project
 * @param {{
 *   node?: string,
 *   label?: string,
 *   allCores?: boolean,
 *   paths?: readonly string[],
 *   env?: Readonly<Record<string, string>>,
 * }} [options] another Node to run on, a name for its report, whether it may use all cores (default: all but one, for
 * the other steps), folders with the tests to run (default: all), variables of the environment
 * @returns {Promise<import('./step.js').StepResult>}
 */
export async function runVitest(
  project,
  { node = process.execPath, label = project, allCores = false, paths = [], env: variables = {} } = {},
) {
  const report = join(cacheFolder, 'reports', `${label}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const env = toolEnvironment();
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const workers = allCores ? ['--maxWorkers=100%'] : [];
  const args = [toolScript('vitest'), 'run', '--project', project, ...paths, ...workers, ...reporters];
  const run = await runCaptured(node, args, {
    // Tests that start `node` get the one under test.
    env: { ...env, ...variables, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ''}` },
  });
  const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : nothing;
  // A file that cannot be loaded, an unhandled rejection, no test at all: failures without a failed test.
  const failed = run.code !== 0 && counted.failed === 0 ? 1 : counted.failed;
  return { ...counted, failed, output: run.output };
}

const nothing = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) };

/** @param {import('vitest/reporters').JsonTestResults} report */
function count(report) {
  const unrun = report.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: unrun.map((test) => test.fullName),
  };
}
