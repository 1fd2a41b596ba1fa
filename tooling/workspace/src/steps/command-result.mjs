/**
 * A program that passes or fails as a whole, as a step's result.
 * @param {import('../setup/run-captured.mjs').CapturedRun} run
 * @returns {import('./step.js').StepResult}
 */
export function commandResult(run) {
  const passed = run.code === 0;
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [], output: run.output };
}
