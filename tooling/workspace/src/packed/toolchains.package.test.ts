import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { root } from '../setup/paths.mjs';
import { isFullTest } from './is-full-test.js';
import { compile, makeProject, run } from './packed-project.js';

const { project } = inject('packed');
const tool = (path: string) => join(project, 'node_modules', path);
const exchanged = 'exchanged course-v1:edX+DemoX+2026\n';
const shared = ['exchange.ts', 'main.ts'];

/** ES modules made of the shared sources, for tools that read no TypeScript. */
async function writeModules(folder: string): Promise<void> {
  const entryPoints = [join(folder, 'exchange.ts'), join(folder, 'main.ts')];
  await build({ entryPoints, outdir: folder, format: 'esm', target: 'node20' });
  for (const file of entryPoints) rmSync(file);
}

describe('esbuild', () => {
  it('makes an ES module that sends and receives an event', async () => {
    expect(await run(...(await bundled('main.ts', 'esm')))).toBe(exchanged);
  });

  it('makes an ES module that loads the buses of Redis and Kafka, and leaves no global require', async () => {
    expect(await run(...(await bundled('buses.ts', 'esm')))).toBe('redis, kafka, undefined\n');
  });

  if (isFullTest) {
    it('makes an ES module that sends and receives an event, with the banner of the guide', async () => {
      const guide = readFileSync(join(root, 'docs/guide/recipes.md'), 'utf8');
      const js = /--banner:js="([^"]+)"/.exec(guide)?.[1] ?? '';
      expect(js).not.toBe('');
      expect(await run(...(await bundled('main.ts', 'esm', { banner: { js } })))).toBe(exchanged);
    });

    it('makes a CommonJS module that sends and receives an event', async () => {
      expect(await run(...(await bundled('main.ts', 'cjs')))).toBe(exchanged);
    });
  }

  async function bundled(
    entry: string,
    format: 'esm' | 'cjs',
    options: BuildOptions = {},
  ): Promise<[string, string[]]> {
    const folder = makeProject('esbuild', { type: 'module', shared: [...shared, 'buses.ts'] });
    const outfile = join(folder, 'dist', format === 'esm' ? 'main.mjs' : 'main.cjs');
    const entryPoints = [join(folder, entry)];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format,
      ...options,
    });
    return [folder, [outfile]];
  }
});

describe('jest', () => {
  it('runs a CommonJS test that sends and receives an event, with the setting of the guide', async () => {
    const folder = makeProject('jest-commonjs', { type: 'commonjs', shared });
    await writeModules(folder);
    await run(folder, [tool('jest/bin/jest.js'), '--no-cache', '--no-watchman', '--runInBand']);
  });

  if (isFullTest) {
    it('runs a test in an ES module that sends and receives an event', async () => {
      const folder = makeProject('jest-esm', { type: 'module', shared });
      await writeModules(folder);
      const args = [
        '--experimental-vm-modules',
        tool('jest/bin/jest.js'),
        '--no-cache',
        '--no-watchman',
        '--runInBand',
      ];
      await run(folder, args);
    });
  }
});

describe('CommonJS', () => {
  it('with moduleResolution node10 has types, and sends and receives an event', async () => {
    const folder = makeProject('commonjs', { type: 'commonjs', shared });
    const options = { module: 'CommonJS', moduleResolution: 'node10', outDir: 'dist' };
    expect(await compile(folder, options)).toBe('');
    expect(await run(folder, ['--no-warnings', 'dist/main.js'])).toBe(exchanged);
  });
});

describe('types', () => {
  const esm = { module: 'NodeNext' };
  const commonjs = (resolution: string) => ({ module: resolution });
  const node10 = { module: 'CommonJS', moduleResolution: 'node10' };
  const always = [
    {
      name: 'an ES module, TypeScript 5.4',
      type: 'module' as const,
      options: esm,
      typescript: 'typescript-5.4',
    },
    {
      name: 'node10, TypeScript 5.4',
      type: 'commonjs' as const,
      options: node10,
      typescript: 'typescript-5.4',
    },
  ];
  const more = [
    { name: 'an ES module, TypeScript 5.9', type: 'module' as const, options: esm, typescript: 'typescript' },
    { name: 'an ES module, TypeScript 7', type: 'module' as const, options: esm, typescript: 'typescript-7' },
    {
      name: 'CommonJS with nodenext, TypeScript 5.8',
      type: 'commonjs' as const,
      options: commonjs('NodeNext'),
      typescript: 'typescript-5.8',
    },
    {
      name: 'CommonJS with nodenext, TypeScript 5.9',
      type: 'commonjs' as const,
      options: commonjs('NodeNext'),
      typescript: 'typescript',
    },
    {
      name: 'node10, TypeScript 5.8',
      type: 'commonjs' as const,
      options: node10,
      typescript: 'typescript-5.8',
    },
  ];

  it.for(isFullTest ? [...always, ...more] : always)('fit $name', async (one) => {
    const folder = makeProject(`types-${one.type}`, { type: one.type, shared });
    expect(await compile(folder, { ...one.options, noEmit: true }, one.typescript)).toBe('');
  });
});

if (isFullTest) {
  describe('webpack', () => {
    it('makes a bundle that sends and receives an event', async () => {
      const folder = makeProject('webpack', { type: 'module', shared });
      await writeModules(folder);
      const script = join(folder, 'build.cjs');
      writeFileSync(
        script,
        `require('webpack')(require('./webpack.config.cjs'), (error, stats) => {
           if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
         });`,
      );
      await run(folder, [script]);
      const alone = join(folder, '..', 'webpack-bundle.cjs');
      cpSync(join(folder, 'dist/main.js'), alone);
      expect(await run(folder, [alone])).toBe(exchanged);
    });
  });

  describe('test runners', () => {
    it.for([
      { name: 'node:test', args: ['--test', 'node-test.check.mjs'] },
      { name: 'vitest', args: [tool('vitest/vitest.mjs'), 'run'] },
    ])('$name runs a test that sends and receives an event', async ({ args }) => {
      const folder = makeProject('runners', { type: 'module', shared });
      await writeModules(folder);
      await run(folder, args);
    });
  });
}
