import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';

const demoScript = join(root, 'examples/demo/dist/main.js');

/** Ample: the demo is made for watching. */
const deadlineMs = 180_000;

/**
 * Runs the demo as a script would: it must end well, and its last line must be its summary as one JSON object.
 * @returns {Promise<import('./step.js').StepResult>}
 */
export async function runDemo() {
  const run = await runCaptured(process.execPath, [demoScript, '--json'], { timeoutMs: deadlineMs });
  const complaint = run.code === 0 ? complaintAbout(run.stdout) : `exit code ${run.code}`;
  return {
    passed: complaint === undefined ? 1 : 0,
    failed: complaint === undefined ? 0 : 1,
    skipped: [],
    output: `${run.output}\nThe demo: ${complaint}\n`,
  };
}

/** @param {string} stdout */
function complaintAbout(stdout) {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    const summary = JSON.parse(last);
    return typeof summary === 'object' && summary !== null ? undefined : 'the last line is no JSON object';
  } catch {
    return 'the last line is no JSON';
  }
}
