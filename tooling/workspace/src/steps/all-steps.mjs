import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildWorkspace } from '../setup/build-workspace.mjs';
import { root, toolScript } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { commandResult } from './command-result.mjs';
import { runDemo } from './run-demo.mjs';
import { runUnitOnNode24 } from './run-unit-on-node-24.mjs';
import { runVitest } from './run-vitest.mjs';

/** @typedef {import('./step.js').Step} Step */

/** @type {Step} */
const build = { name: 'build', run: async () => commandResult(await buildWorkspace()) };

/** @type {Step} */
const types = { name: 'types', run: () => tool('tsc', '-p', 'tsconfig.json') };

/** @type {Step} */
const lint = {
  name: 'lint',
  run: () => tool('biome', 'check', '--error-on-warnings', '--max-diagnostics=100', '.'),
};

/** @type {Step} */
const unit = { name: 'unit tests', after: ['build'], run: () => runVitest('unit') };

/** @type {Step} */
const typeTests = { name: 'type tests', run: () => runVitest('types') };

/** @type {Step} */
const packages = { name: 'packed packages', needs: ['build'], run: () => runVitest('packages') };

/** @type {Step} */
const node24 = { name: 'unit tests, Node 24', after: ['build'], run: runUnitOnNode24 };

/** @type {Step} */
const brokers = { name: 'broker tests', after: ['build'], run: () => runVitest('brokers') };

/** @type {Step} */
const demo = { name: 'demo', needs: ['build'], run: runDemo };

/** @type {Step} */
const unused = { name: 'unused code', run: () => tool('knip', '--no-config-hints') };

/** @type {Step} */
const structure = { name: 'structure', run: () => tool('depcruise', ...sources) };

/** The folders whose imports are checked. */
const sources = ['packages', 'examples', 'tooling', 'interop', 'benchmarks'];

/** The last step of `npm run check`: no other step needs a core for long. @type {Step} */
const unitOnAllCores = { name: 'unit tests', run: () => runVitest('unit', { allCores: true }) };

/** `npm run check`: what to run while writing. Needs no build. */
export const checkSteps = () => [types, lint, structure, unitOnAllCores];

/** `npm test`: everything that must hold before a change is merged. */
export function testSteps() {
  const hasDemo = existsSync(join(root, 'examples/demo'));
  const isNode24 = process.versions.node.startsWith('24.');
  return [
    build,
    types,
    lint,
    structure,
    unused,
    typeTests,
    unit,
    packages,
    brokers,
    ...(isNode24 ? [] : [node24]),
    ...(hasDemo ? [demo] : []),
  ];
}

/**
 * @param {Parameters<typeof toolScript>[0]} name
 * @param {string[]} args
 */
async function tool(name, ...args) {
  return commandResult(await runCaptured(process.execPath, [toolScript(name), ...args]));
}
