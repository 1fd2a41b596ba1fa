import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicPackages } from '../packed/public-packages.js';
import { root, toolScript } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { barePatterns } from './bare-patterns.js';
import { packageSources } from './package-sources.mjs';
import { repositoryFiles } from './repository-files.mjs';
import { undocumentedExports } from './undocumented-exports.js';

describe('sources of packages', () => {
  it('promise something to the caller for every public export', { timeout: 240_000 }, () => {
    const entryPoints = publicPackages().flatMap(({ folder }) =>
      entryPointsOf(folder.slice(root.length + 1)),
    );
    expect(entryPoints.length).toBeGreaterThanOrEqual(7);
    expect(undocumentedExports(entryPoints)).toEqual([]);
  });
});

describe('names that a minifier changes', () => {
  it('are read only where they are shown and identify nothing (decision 21)', () => {
    const shown = [
      'packages/events-core/src/signals/define-signal.ts',
      'packages/events-core/src/signals/batch-receiver.ts',
      'packages/events-core/src/errors/events-error.ts',
      'packages/events-nestjs/src/connect-receivers.ts',
    ];
    const ofFunctionOrClass =
      /\b(?:receiver|fn|func|function|handler|callback|cls|class|constructor|new\.target)\??\.name\b/i;
    const readers = packageSources().filter((file) => ofFunctionOrClass.test(read(file)));
    expect(readers.filter((file) => !shown.includes(file))).toEqual([]);
  });
});

describe('test files', () => {
  it('are all run by a project of vitest.config.ts', { timeout: 240_000 }, async () => {
    const run = await runCaptured(process.execPath, [toolScript('vitest'), 'list', '--filesOnly', '--json']);
    const json = run.stdout.slice(run.stdout.indexOf('[\n'));
    const listed = new Set((JSON.parse(json) as { file: string }[]).map(({ file }) => file));
    const tests = repositoryFiles().filter((file) => /\.test(-d)?\.[cm]?tsx?$/.test(file));
    expect(tests.filter((file) => !listed.has(join(root, file)))).toEqual([]);
  });

  it('compare texts with patterns only where vitest does so', { timeout: 240_000 }, () => {
    const tests = repositoryFiles().filter((file) => /\.test(-support)?\.ts$/.test(file));
    const found = tests.flatMap((file) => barePatterns(read(file)).map((pattern) => `${file}:${pattern}`));
    expect(found).toEqual([]);
  });

  it('are not failed by a busy machine: what they measure by the clock may take many seconds, or is counted', () => {
    const short =
      /(?:performance|Date)\.now\(\) - \w+\)\s*\.toBeLessThan(?:OrEqual)?\((?:\d{1,3}|\d_?\d{3})\b/;
    const inFull = 'packages/event-bus-kafka/src/cluster.brokers.test.ts'; // its limit counts in `npm run test:full` only
    const timed = repositoryFiles().filter((file) => /\.test\.ts$/.test(file) && short.test(read(file)));
    expect(timed.filter((file) => file !== inFull)).toEqual([]);
  });
});

describe('the repository', () => {
  it('pins one version of pnpm, for installing and for npx', () => {
    const { packageManager, devDependencies } = JSON.parse(read('package.json')) as {
      packageManager: string;
      devDependencies: Record<string, string>;
    };
    expect(packageManager).toBe(`pnpm@${devDependencies.pnpm}`);
  });

  it('has the scripts test and typecheck in every package, and build where there is something to build', () => {
    const manifests = repositoryFiles().filter((file) => /\/package\.json$/.test(file));
    expect(manifests.length).toBeGreaterThan(20);
    for (const file of manifests) {
      const { scripts, exports, private: isPrivate } = JSON.parse(read(file)) as Manifest;
      expect(Object.keys(scripts ?? {}), file).toEqual(expect.arrayContaining(['test', 'typecheck']));
      if (exports !== undefined || isPrivate !== true) expect(scripts, file).toHaveProperty('build');
    }
  });

  it('packs no test and nothing that only tests use', () => {
    const tests = ['!src/**/*.test.ts', '!src/**/*.test-d.ts', '!src/**/*.test-support.ts'];
    for (const { folder } of publicPackages()) {
      const { files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        files?: string[];
      };
      expect(files, folder).toEqual(expect.arrayContaining(tests));
    }
  });

  it('names no path of one machine and no package registry', () => {
    const elsewhere = [
      /(?<![\w.-])\/(work|root|home\/\w+|Users\/\w+)\//,
      /registry\.(npmjs|yarnpkg|npmmirror)\b/,
      /^\s*(tarball|resolved|registry)\s*[:=]\s*["']?https?:/m,
    ];
    const rules = 'tooling/workspace/src/house-rules/house-rules.test.ts';
    const offenders = repositoryFiles().filter((file) => {
      const text = read(file);
      return file !== rules && elsewhere.some((pattern) => pattern.test(text));
    });
    expect(offenders).toEqual([]);
  });
});

interface Manifest {
  readonly private?: boolean;
  readonly exports?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** The source files behind the entry points in a package's `exports`. */
function entryPointsOf(folder: string): string[] {
  const { exports } = JSON.parse(read(`${folder}/package.json`)) as { exports: Record<string, unknown> };
  return Object.values(exports).flatMap((target) => {
    const source = (target as Record<string, string>)['@openedx-ts/source'];
    if (source === undefined) return [];
    const [before = '', after] = posix.join(folder, source).split('*');
    if (after === undefined) return [before];
    return packageSources().filter((file) => file.startsWith(before) && file.endsWith(after));
  });
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
