import { join } from 'node:path';
import { buildOrThrow } from './setup/build-or-throw.mjs';
import { handOver } from './setup/hand-over.mjs';
import { installWorkspace } from './setup/install-workspace.mjs';
import { root, toolScript } from './setup/paths.mjs';
import { toolEnvironment } from './setup/tool-environment.mjs';
import { checkSteps, testSteps } from './steps/all-steps.mjs';
import { runSteps } from './steps/run-steps.mjs';

/**
 * The commands of run.mjs. Each installs what is missing, does its work and returns the exit code.
 * @type {Record<string, (args: string[]) => Promise<number>>}
 */
export const commands = {
  install: async () => {
    await installWorkspace();
    return 0;
  },
  demo: (args) => runBuilt('@openedx-ts/demo', 'examples/demo/dist/main.js', args),
  bench: (args) => runBuilt('@openedx-ts/benchmarks', 'benchmarks/dist/main.js', args),
  'compare-catalog': (args) => runBuilt('@openedx-ts/interop', 'interop/dist/wheels/main.js', args),
  build: async () => {
    await installWorkspace();
    await buildOrThrow();
    return 0;
  },
  test: async () => {
    await installWorkspace();
    return runSteps(testSteps());
  },
  'test:full': async () => {
    await installWorkspace();
    return runSteps(testSteps({ full: true }));
  },
  'test:cached': async (args) => {
    await installWorkspace();
    const turbo = ['run', 'test', '--output-logs=new-only', '--concurrency=2', ...args];
    return handOver(toolScript('turbo'), turbo, toolEnvironment());
  },
  check: async () => {
    await installWorkspace();
    return runSteps(checkSteps());
  },
  docs: async (args) => {
    await installWorkspace();
    await buildOrThrow();
    return handOver(join(root, 'tooling/site/main.mjs'), args.length > 0 ? args : ['--api']);
  },
  release: async (args) => {
    await installWorkspace();
    // Imported here: it needs what was installed.
    const { release } = await import('./release/release.mjs');
    return release(args);
  },
};

/**
 * @param {string} name of the package
 * @param {string} script its built entry
 * @param {string[]} args
 */
async function runBuilt(name, script, args) {
  await installWorkspace();
  await buildOrThrow(name);
  return handOver(join(root, script), args);
}
