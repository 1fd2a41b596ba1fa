import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsOfPackage } from './problems-of-package.mjs';
import { repositoryUrl } from './repository.mjs';

const good = {
  name: 'one',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './*': './dist/*.js' },
  dependencies: { other: '^1.0.0' },
  repository: { url: `git+${repositoryUrl}.git` },
  publishConfig: { access: 'public', provenance: true },
};

describe('a package that would be published', () => {
  let folder = '';
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const problemsWith = (change: object) => {
    write('package.json', JSON.stringify({ ...good, ...change }));
    return problemsOfPackage(folder);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'openedx-ts-problems-'));
    mkdirSync(join(folder, 'dist'));
    for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) write(file, '');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has no problem as these packages are', () => {
    expect(problemsWith({})).toEqual([]);
  });

  it.each([
    ['a version of the workspace', { peerDependencies: { core: 'workspace:^' } }, 'depends on core'],
    [
      'a script that runs at installation',
      { scripts: { postinstall: 'node x' } },
      'has a script "postinstall"',
    ],
    [
      'another repository',
      { repository: { url: 'git+https://example.com/x.git' } },
      'provenance would be refused',
    ],
    ['no provenance', { publishConfig: { access: 'public' } }, 'publishConfig lacks'],
    [
      'a file that was not built',
      { bin: { one: './dist/main.js' } },
      'names ./dist/main.js, which is not packed',
    ],
  ])('is refused with %s', (_, change, problem) => {
    expect(problemsWith(change)).toEqual([expect.stringContaining(problem)]);
  });

  it('is refused with a test, a relative link, or without a licence', () => {
    write('dist/one.test.js', '');
    write(
      'README.md',
      'See [the guide](../../docs/guide.md), [here](#below) and [there](https://example.com).',
    );
    expect(problemsWith({})).toEqual([
      'dist/one.test.js is packed, and only tests use it',
      'README.md links to ../../docs/guide.md: use the absolute address',
    ]);
    rmSync(join(folder, 'LICENSE'));
    expect(problemsWith({})).toEqual(['LICENSE not packed']);
  });
});
