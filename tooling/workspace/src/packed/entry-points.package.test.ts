import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { runCaptured } from '../setup/run-captured.mjs';
import { entryPoints } from './entry-points.js';
import { readManifest } from './public-packages.js';

const { project, packages } = inject('packed');

const importAll = `
  for (const name of process.argv.slice(1)) {
    const exported = Object.keys(await import(name));
    if (exported.length === 0) throw new Error(name + ' exports nothing');
  }`;
const requireAll = `
  for (const name of process.argv.slice(1)) {
    if (Object.keys(require(name)).length === 0) throw new Error(name + ' exports nothing');
  }`;

describe.for(packages)('$name', ({ name, installed }) => {
  it('can be imported by each of its entry points, without a warning', async () => {
    const run = await node(['--input-type=module', '-e', importAll, '--', ...entryPoints(installed)]);
    expect(run).toMatchObject({ output: '', code: 0 });
  });

  it('can be required by each of its entry points, without a warning', async () => {
    const specifiers = [...entryPoints(installed), `${name}/package.json`];
    const run = await node(['--input-type=commonjs', '-e', requireAll, '--', ...specifiers]);
    expect(run).toMatchObject({ output: '', code: 0 });
  });

  it('has commands that explain themselves', async () => {
    for (const [command, file] of Object.entries(readManifest(installed).bin ?? {})) {
      const run = await node([join(installed, file), '--help']);
      expect(run, command).toMatchObject({ stderr: '', code: 0 });
      expect(run.stdout).toContain(command);
    }
  });
});

function node(args: string[]) {
  return runCaptured(process.execPath, args, { cwd: project });
}
