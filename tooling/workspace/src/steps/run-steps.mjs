import { availableParallelism } from 'node:os';

/** @typedef {import('./step.js').Step} Step */
/** @typedef {import('./step.js').StepResult} StepResult */

/** More would only take the cores from each other: vitest and turbo bring workers of their own. */
const atOnce = Math.min(2, availableParallelism());

/**
 * Runs all steps, goes on after a failure, prints a line for each and the sum as the very last line.
 * With `CI=true` what was skipped has failed, except for what a bus does not promise.
 * @param {readonly Step[]} steps
 * @returns {Promise<number>} exit code
 */
export async function runSteps(steps) {
  const strict = process.env.CI === 'true' || process.env.CI === '1';
  /** @type {Map<string, Promise<StepResult>>} */
  const results = new Map();
  const slot = slots(atOnce);
  for (const step of steps) {
    const before = [...(step.after ?? []), ...(step.needs ?? [])].map((name) => results.get(name));
    const needed = (step.needs ?? []).map((name) => results.get(name));
    results.set(
      step.name,
      Promise.all(before).then(async () => {
        const missing = (await Promise.all(needed)).some(
          (result) => result !== undefined && result.failed > 0,
        );
        if (missing) return report(step, unrun(step), 0);
        return slot(async () => {
          const start = performance.now();
          const found = await step.run().catch(crashed);
          return report(step, strict ? skippedIsFailed(found) : found, performance.now() - start);
        });
      }),
    );
  }
  return sum(await Promise.all(results.values()));
}

/** @param {Step} step @param {StepResult} result @param {number} tookMs */
function report(step, result, tookMs) {
  const mark = result.failed > 0 ? '✗' : '✓';
  const seconds = `${(tookMs / 1000).toFixed(1)} s`;
  print(`${mark} ${step.name.padEnd(22)}${seconds.padStart(8)}   ${counts(result)}`);
  for (const what of result.skipped) print(`    not run: ${what}`);
  if (result.failed > 0) print(`\n${result.output.trimEnd()}\n`);
  return result;
}

/** @param {readonly StepResult[]} results */
function sum(results) {
  const total = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) };
  for (const result of results) {
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped.push(...result.skipped);
  }
  print(counts(total));
  return total.failed > 0 ? 1 : 0;
}

/** @param {Pick<StepResult, 'passed' | 'failed' | 'skipped'>} result */
function counts({ passed, failed, skipped }) {
  const unrun = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  return `${passed} passed, ${failed} failed${unrun}`;
}

/** @param {StepResult} result @returns {StepResult} */
function skippedIsFailed(result) {
  const leftOff = result.skipped.filter((what) => what.includes(leftOffByBus));
  const skipped = result.skipped.filter((what) => !leftOff.includes(what));
  if (skipped.length === 0) return result;
  const output = `${result.output}\nIn CI nothing may be skipped:\n${skipped.map((what) => `  ${what}\n`).join('')}`;
  return { ...result, failed: result.failed + skipped.length, skipped: leftOff, output };
}

/** In titles of the conformance suite: the bus does not promise it, and says why. No machine could run it. */
const leftOffByBus = '(left off: ';

/** @param {Step} step @returns {StepResult} */
function unrun(step) {
  return { passed: 0, failed: 1, skipped: [], output: `not run: it needs ${step.needs?.join(', ')}` };
}

/** @param {unknown} error @returns {StepResult} */
function crashed(error) {
  return {
    passed: 0,
    failed: 1,
    skipped: [],
    output: error instanceof Error ? String(error.stack) : String(error),
  };
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Lets `count` tasks run at a time, first come first served.
 * @param {number} count
 */
function slots(count) {
  let free = count;
  /** @type {(() => void)[]} */
  const waiting = [];
  /** @template T @param {() => Promise<T>} task @returns {Promise<T>} */
  return async (task) => {
    if (free === 0) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    else free -= 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
