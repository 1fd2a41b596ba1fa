import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryFiles } from '../house-rules/repository-files.mjs';
import { npmCommand } from '../setup/npm-command.mjs';
import { cacheFolder, root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';

/** Everything that may be committed, in a folder of its own: what `git clone` makes of the next commit. */
let clone: string;

describe('a fresh clone', { timeout: 300_000 }, () => {
  beforeAll(() => {
    clone = realpathSync(mkdtempSync(join(tmpdir(), 'openedx-ts-clone-')));
    for (const file of repositoryFiles()) cpSync(join(root, file), join(clone, file));
    // The same pnpm, which a clone would fetch.
    if (existsSync(join(cacheFolder, 'pnpm'))) {
      cpSync(join(cacheFolder, 'pnpm'), join(clone, '.cache/pnpm'), { recursive: true });
    }
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  it('installs with a bare npm install, and git ignores what that leaves', async () => {
    const init = await runCaptured('git', ['init', '--quiet'], { cwd: clone });
    expect(init.code, init.output).toBe(0);
    await git('add', '--all');
    const run = await npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
    expect(run.code, run.output).toBe(0);
    expect(await git('status', '--porcelain', '--untracked-files=all')).not.toMatch(/^(\?\?| M)/m);
  });

  it('then has the command openedx-events, which installs and builds what it needs', async () => {
    const run = await npx('.', 'openedx-events', '--version');
    expect(run).toMatchObject({ code: 0, stdout: `${cliVersion()}\n` });
  });

  it.for(['.', 'docs', 'packages/events-core/src', 'packages/events-cli'])(
    'has the command in the folder %s',
    async (folder) => {
      const run = await npx(folder, 'openedx-events', '--version');
      // A busy machine needs longer to see that nothing is to be built, and says what it does.
      const stderr = expect.stringMatching(/^(?:Building @openedx-ts\/events-cli\n)?$/);
      expect(run).toMatchObject({ code: 0, stdout: `${cliVersion()}\n`, stderr });
    },
  );

  it.for(['memory', 'redis', 'kafka'])('finds the bus %s by name', async (bus) => {
    const unreachable = {
      EVENT_BUS_REDIS_CONNECTION_URL: 'redis://127.0.0.1:1',
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
    };
    const args = ['doctor', '--bus', bus, '--json'];
    const run = await npx('packages/events-core', 'openedx-events', args, unreachable);
    expect(run.output).not.toContain('not installed');
    expect(run.code, run.output).toBe(bus === 'memory' ? 0 : 3);
  });

  it('has pnpm in the version that package.json pins, from every folder', async () => {
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      packageManager: string;
    };
    for (const folder of ['.', 'packages/events-core']) {
      expect(await npx(folder, 'pnpm', '--version')).toMatchObject({
        code: 0,
        stdout: `${packageManager.replace('pnpm@', '')}\n`,
      });
    }
  });

  it('runs the unit tests of one package, and restores those of an unchanged one from the cache', async () => {
    const tests = ['--filter', '@openedx-ts/events-inbox', 'test'];
    const run = await npx('.', 'pnpm', tests);
    expect(run.code, run.output).toBe(0);
    expect(run.stdout).toMatch(/Tests +\d+ passed/);

    const cached = (...flags: string[]) =>
      npm('run', 'test:cached', '--', '--filter=@openedx-ts/events-inbox', ...flags);
    expect((await cached('--force')).stdout).toContain('0 cached, 1 total');
    expect((await cached()).stdout).toContain('1 cached, 1 total');
  });

  it('can be installed again with npm when it is built', async () => {
    const run = await npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
    expect(run.code, run.output).toBe(0);
    expect(await npx('docs', 'openedx-events', '--version')).toMatchObject({ code: 0 });
  });
});

function cliVersion(): string {
  const manifest = readFileSync(join(root, 'packages/events-cli/package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Calls npx as a shell of this folder would. It may not fetch a command. */
function npx(folder: string, command: string, args: string | readonly string[], env: NodeJS.ProcessEnv = {}) {
  return npmIn(folder, ['exec', '--offline', '--no', '--', command, ...[args].flat()], env);
}

function npm(...args: string[]) {
  return npmIn('.', args);
}

function npmIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { command, args: before } = npmCommand();
  return runCaptured(command, [...before, ...args], {
    cwd: join(clone, folder),
    env: { ...shellEnvironment(), ...env },
  });
}

async function git(...args: string[]): Promise<string> {
  const run = await runCaptured('git', args, { cwd: clone });
  expect(run.code, run.output).toBe(0);
  return run.stdout;
}

/** That of a terminal: nothing of this repository on the PATH, nothing that npm sets for the scripts that it runs. */
function shellEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^npm_|^INIT_CWD$|^VITEST|^NODE_ENV$/i.test(name),
  );
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.startsWith(root));
  return {
    ...Object.fromEntries(entries),
    PATH: [dirname(process.execPath), ...path].join(':'),
    TURBO_CACHE_DIR: join(root, '.turbo/cache'), // the clone has the sources of this repository, so its build too
  };
}
