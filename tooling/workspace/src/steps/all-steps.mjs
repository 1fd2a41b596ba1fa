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

/** The types of all sources, without the count of the type tests. @type {Step} */
const types = { name: 'types', run: () => tool('tsc', '-p', 'tsconfig.json') };

/** The same and the count: `tsc` runs once, and an error in any source fails. @type {Step} */
const typesAndTypeTests = { name: 'types', run: () => runVitest('types') };

/** @type {Step} */
const lint = {
  name: 'lint',
  run: () => tool('biome', 'check', '--error-on-warnings', '--max-diagnostics=100', '.'),
};

/** The types of the page of the console, which runs in browsers. @type {Step} */
const browserTypes = {
  name: 'types of the page',
  run: () => tool('tsc', '-p', 'packages/events-console/browser'),
};

/** @type {Step} */
const unit = { name: 'unit tests', run: () => runVitest('unit') };

/** @type {Step} */
const packages = { name: 'packed packages', needs: ['build'], run: () => runVitest('packages') };

/** With every framework, bundler, test runner and version of TypeScript. @type {Step} */
const allPackages = { ...packages, run: () => runVitest('packages', { env: { TEST_SIZE: 'short' } }) };

/** What is published, on the other supported line of Node. @type {Step} */
const node24 = {
  name: 'unit tests, Node 24',
  run: () => runUnitOnNode24({ paths: ['packages/', 'interop/', 'examples/'] }),
};

/** The tools of this repository too. @type {Step} */
const allOnNode24 = { name: node24.name, run: () => runUnitOnNode24() };

/** Needs no build: the sources run. @type {Step} */
const brokers = { name: 'broker tests', run: () => runVitest('brokers') };

/** With as many events and faults as `npm run reliability -- --short`. @type {Step} */
const longBrokers = { ...brokers, run: () => runVitest('brokers', { env: { TEST_SIZE: 'short' } }) };

/** @type {Step} */
const demo = { name: 'demo', needs: ['build'], run: runDemo };

/** The documentation site; a link that leads nowhere fails. @type {Step} */
const docs = { name: 'docs', needs: ['build'], run: () => script('tooling/site/main.mjs') };

/** @type {Step} */
const unused = { name: 'unused code', run: () => tool('knip', '--no-config-hints') };

/** @type {Step} */
const structure = { name: 'structure', run: () => tool('depcruise', ...sources) };

/** The folders whose imports are checked. */
const sources = ['packages', 'examples', 'tooling', 'interop', 'benchmarks'];

/** The last step of `npm run check`: no other step needs a core for long. @type {Step} */
const unitOnAllCores = { name: 'unit tests', run: () => runVitest('unit', { allCores: true }) };

/** `npm run check`: what to run while writing. Needs no build. */
export const checkSteps = () => [types, browserTypes, lint, structure, unitOnAllCores];

/**
 * `npm test`: everything that must hold before a change is merged. Two steps run at a time, and the broker tests take
 * as long as the others together, so they start first.
 * @param {{ full?: boolean }} [options] `full`: `npm run test:full`, with what is long and seldom fails alone
 */
export function testSteps({ full = false } = {}) {
  const hasDemo = existsSync(join(root, 'examples/demo'));
  const isNode24 = process.versions.node.startsWith('24.');
  return [
    full ? longBrokers : brokers,
    build,
    typesAndTypeTests,
    browserTypes,
    lint,
    structure,
    unused,
    unit,
    full ? allPackages : packages,
    ...(isNode24 ? [] : [full ? allOnNode24 : node24]),
    ...(hasDemo ? [demo] : []),
    docs,
  ];
}

/**
 * @param {Parameters<typeof toolScript>[0]} name
 * @param {string[]} args
 */
async function tool(name, ...args) {
  return commandResult(await runCaptured(process.execPath, [toolScript(name), ...args]));
}

/** @param {string} path */
async function script(path) {
  return commandResult(await runCaptured(process.execPath, [join(root, path)]));
}
