import { join } from 'node:path';
import { fetchTool } from '../setup/fetch-tool.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { runVitest } from './run-vitest.mjs';

const version = '24.21.0';

/**
 * The unit tests on the other supported line of Node.
 * @param {{ paths?: readonly string[] }} [options] folders with the tests to run; default: all
 * @returns {Promise<import('./step.js').StepResult>}
 */
export async function runUnitOnNode24({ paths = [] } = {}) {
  let home;
  try {
    home = await fetchTool('node', version);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(String(error.cause));
    const output = `${error.message}\n`;
    if (!offline) return { passed: 0, failed: 1, skipped: [], output };
    return { passed: 0, failed: 0, skipped: [`Node ${version} cannot be fetched: no network`], output };
  }
  return runVitest('unit', { node: join(home, 'bin', 'node'), label: 'unit-node-24', paths });
}
