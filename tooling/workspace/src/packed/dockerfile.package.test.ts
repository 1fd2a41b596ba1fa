import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type RedisServer, startRedis } from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { isFullTest } from './is-full-test.js';
import { run } from './packed-project.js';
import { type ServedPackages, servePackages } from './serve-packages.js';
import { type StartedProcess, startProcess } from './started-process.js';

const [build = '', final = ''] = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')
  .split(/^FROM /m)
  .slice(1);

describe('deploy/Dockerfile', () => {
  it('starts node itself, which gets SIGTERM, as a user that is not root', () => {
    expect(JSON.parse(valueIn(final, 'CMD'))).toEqual(['node', 'dist/main.js']);
    expect(Number(valueIn(final, 'USER'))).toBeGreaterThan(0);
  });

  /** Long: it installs packages twice. */
  if (isFullTest) describeSteps();
});

function describeSteps(): void {
  const { project, packages } = inject('packed');
  const home = join(project, '..', 'dockerfile');
  let registry: ServedPackages;
  let redis: RedisServer;
  let service: StartedProcess | undefined;
  beforeAll(async () => {
    mkdirSync(home, { recursive: true });
    registry = await servePackages(packages, home);
    redis = await startRedis({ own: true });
  });
  afterAll(async () => {
    await service?.kill();
    await redis[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  it('makes a service that answers its health check and ends gracefully at SIGTERM, by its steps without Docker', async () => {
    const source = writeService(join(home, 'source'));
    await shell(source, 'npm install --package-lock-only');

    const stage = join(home, 'build');
    mkdirSync(stage);
    for (const [instruction, value] of instructionsOf(build)) {
      if (instruction === 'COPY') copy(source, stage, value);
      if (instruction === 'RUN') await shell(stage, value);
    }
    const image = join(home, 'image');
    mkdirSync(image);
    for (const [instruction, value] of instructionsOf(final))
      if (instruction === 'COPY')
        copy(join(stage, '..'), image, value.replace('--from=build /service/', 'build/'));

    const [, ...args] = JSON.parse(valueIn(final, 'CMD')) as string[];
    const env = {
      EVENT_BUS: 'redis',
      EVENT_BUS_REDIS_CONNECTION_URL: redis.url,
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
    };
    service = startProcess(image, args, env);
    const [, ...check] = JSON.parse(/HEALTHCHECK[\s\S]*?CMD (\[.*\])/.exec(final)?.[1] ?? '[]') as string[];
    await vi.waitFor(() => run(image, check, env), { timeout: 60_000, interval: 200 });
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  });

  async function shell(folder: string, command: string): Promise<void> {
    const { VITEST: _, VITEST_WORKER_ID: __, NODE_ENV: ___, ...inherited } = process.env;
    const env = { ...inherited, ...registry.env };
    const done = await runCaptured('sh', ['-ec', command], { cwd: folder, env });
    expect(done.code, done.output).toBe(0);
  }
}

/** Instructions with their values; a line that ends in a backslash goes on. */
function instructionsOf(stage: string): (readonly [string, string])[] {
  const lines = stage.replace(/\\\n\s*/g, '').split('\n');
  return lines.flatMap((line) => {
    const [, instruction, value] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return instruction === undefined || value === undefined ? [] : [[instruction, value] as const];
  });
}

function valueIn(stage: string, instruction: string): string {
  const found = instructionsOf(stage).find(([name]) => name === instruction);
  if (found === undefined) throw new Error(`the Dockerfile has no ${instruction}`);
  return found[1];
}

function copy(from: string, to: string, value: string): void {
  const names = value.split(' ').slice(0, -1);
  for (const name of names)
    cpSync(join(from, name), name === '.' ? to : join(to, name.replace(/^build\//, '')), { recursive: true });
}

/** The service of deploy/README.md. */
function writeService(folder: string): string {
  mkdirSync(join(folder, 'src'), { recursive: true });
  cpSync(join(root, 'examples/guide/src/service.ts'), join(folder, 'src/service.ts'));
  writeFileSync(join(folder, 'src/main.ts'), "import { main } from './service.js';\n\nawait main();\n");
  const { dependencies } = JSON.parse(
    readFileSync(join(root, 'tooling/workspace/fixtures/packed/toolchains.json'), 'utf8'),
  ) as { readonly dependencies: Readonly<Record<string, string>> };
  const manifest = {
    name: 'my-service',
    private: true,
    type: 'module',
    scripts: {
      build:
        'tsc --module nodenext --target es2022 --skipLibCheck --types node --rootDir src --outDir dist src/main.ts',
    },
    dependencies: Object.fromEntries(
      ['events-core', 'events-catalog', 'event-bus-redis'].map((name) => [`@openedx-ts/${name}`, '*']),
    ),
    devDependencies: { typescript: dependencies.typescript, '@types/node': '^20.19.0' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
