import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { root, toolScript } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { readManifest } from './public-packages.js';

const { project, packages } = inject('packed');
const core = '@openedx-ts/events-core';
const home = join(project, '..', 'two-copies');

describe('two installed copies of events-core', () => {
  beforeAll(layOut);

  it('keep their types and share one registry', async () => {
    const compiled = await runCaptured(process.execPath, [toolScript('tsc'), '-p', '.'], { cwd: home });
    expect(compiled).toMatchObject({ output: '', code: 0 });

    const run = await runCaptured(process.execPath, ['dist/main.js'], { cwd: home });
    expect(run).toMatchObject({ output: 'one registry\n', code: 0 });
  });
});

/** The service's own copy, and a second one that a library brought: with another version, or tsc takes them for one. */
function layOut() {
  const installed = packages.find(({ name }) => name === core)?.installed ?? '';
  const library = join(home, 'node_modules/other-service');
  const second = join(library, 'node_modules', core);
  rmSync(home, { recursive: true, force: true });
  cpSync(installed, join(home, 'node_modules', core), { recursive: true });
  cpSync(installed, second, { recursive: true });

  const manifest = readManifest(second);
  writeJson(join(second, 'package.json'), { ...manifest, version: `${manifest.version}-second` });
  writeJson(join(library, 'package.json'), {
    name: 'other-service',
    version: '1.0.0',
    type: 'module',
    main: 'index.js',
  });
  for (const file of ['index.js', 'index.d.ts'])
    writeFileSync(join(library, file), `export * from '${core}';\n`);

  mkdirSync(join(home, 'src'));
  writeJson(join(home, 'package.json'), { name: 'service', private: true, type: 'module' });
  writeJson(join(home, 'tsconfig.json'), { compilerOptions, include: ['src'] });
  const source = join(root, 'tooling/workspace/fixtures/two-copies.ts.txt');
  writeFileSync(join(home, 'src/main.ts'), readFileSync(source));
}

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // Declarations that need more than this are wrong for users as well.
  skipLibCheck: false,
  typeRoots: [join(root, 'node_modules/@types')],
  types: ['node'],
  rootDir: 'src',
  outDir: 'dist',
};

function writeJson(file: string, value: unknown) {
  writeFileSync(file, JSON.stringify(value, undefined, 2));
}
