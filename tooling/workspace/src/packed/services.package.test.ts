import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RedisServer, startRedis } from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { copyServices } from '../examples/copy-services.mjs';
import { npmCommand } from '../setup/npm-command.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { isFullTest } from './is-full-test.js';
import { compile, makeProject } from './packed-project.js';
import { readManifest } from './public-packages.js';
import { type StartedProcess, startProcess } from './started-process.js';

const esm = { module: 'NodeNext', outDir: 'dist' };
const nest = {
  name: 'nest',
  type: 'commonjs' as const,
  shared: [],
  sources: ['examples/guide/src/nest.ts', 'examples/guide/src/nest-probes.ts'],
  // As `nest new` sets up a project; CommonJS, because Nest 11 is.
  options: { ...esm, experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true },
};
const fastify = {
  name: 'fastify',
  type: 'module' as const,
  shared: ['courses.ts'],
  sources: ['examples/guide/src/fastify.ts'],
  options: { ...esm, skipLibCheck: true },
};
const hono = {
  name: 'hono',
  type: 'module' as const,
  shared: ['courses.ts'],
  sources: ['examples/guide/src/hono.ts'],
  options: { ...esm, skipLibCheck: true },
};

describe.for(isFullTest ? [nest, fastify, hono] : [nest])('a service on $name', (service) => {
  let redis: RedisServer;
  let folder: string;
  const running: StartedProcess[] = [];
  beforeAll(async () => {
    redis = await startRedis({ own: true });
    folder = makeProject(service.name, service);
    expect(await compile(folder, service.options)).toBe('');
  });
  afterAll(async () => {
    for (const one of running) await one.kill();
    await redis[Symbol.asyncDispose]();
  });

  async function start(): Promise<{ process: StartedProcess; url: string }> {
    const env = { EVENT_BUS: 'redis', EVENT_BUS_REDIS_CONNECTION_URL: redis.url };
    const process = startProcess(folder, ['dist/main.js'], env);
    running.push(process);
    const [, url = ''] = await process.line(/^listening on (.*)$/);
    return { process, url };
  }

  it('sends and receives, answers probes, and loses nothing when it is stopped under load', async () => {
    const first = await start();
    const status = async (path: string) => (await fetch(`${first.url}${path}`)).status;
    await vi.waitFor(async () => expect(await status('/readyz')).toBe(200), { timeout: 60_000 });
    expect(await status('/livez')).toBe(200);
    await vi.waitFor(
      async () => {
        // The group starts at its consumer's first reading: repeated until then.
        await send(first.url, 'course-v1:edX+First+2026');
        expect(received(first.process)).toContain('course-v1:edX+First+2026');
      },
      { timeout: 60_000, interval: 200 },
    );

    const answered: string[] = [];
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let count = 0; ; count += 1) {
        const key = `course-v1:edX+C${client}_${count}+2026`;
        if (!(await send(first.url, key))) return;
        answered.push(key);
      }
    });
    const enough = (count: number) =>
      vi.waitFor(() => expect(answered.length).toBeGreaterThan(count), { timeout: 60_000 });
    await enough(500);
    await redis.freeze(); // so that events of answered requests wait in the producer at the stop
    await enough(answered.length + 50);
    const stopping = first.process.stop();
    await redis.unfreeze();
    const { code, signal } = await stopping;
    await Promise.all(clients);
    expect(signal ?? code).toBe(service.name === 'nest' ? 'SIGTERM' : 0);

    const second = await start();
    const missing = () => {
      const all = new Set([...received(first.process), ...received(second.process)]);
      return answered.filter((key) => !all.has(key));
    };
    await vi.waitFor(() => expect(missing()).toEqual([]), { timeout: 60_000 });
    await second.process.stop();
    // What was finished before the stop is not delivered again.
    const before = new Set(received(first.process));
    expect(received(second.process).filter((key) => before.has(key))).toEqual([]);
  });
});

/** Long: it installs the packages once more, from the manifests of the copy. */
if (isFullTest) describe('the example services, copied out of the repository', describeCopiedServices);

function describeCopiedServices(): void {
  const { project, packages } = inject('packed');
  const services = join(project, '..', 'services');
  let redis: RedisServer;
  const running: StartedProcess[] = [];
  beforeAll(async () => {
    rmSync(services, { recursive: true, force: true });
    redis = await startRedis({ own: true });
    copyServices(services);
    const manifest = { ...readManifest(services), overrides: overrides() };
    writeFileSync(join(services, 'package.json'), JSON.stringify(manifest));
  });
  afterAll(async () => {
    for (const one of running) await one.kill();
    await redis[Symbol.asyncDispose]();
  });

  it('install, build and run from packages: an enrolment becomes a preference', async () => {
    await npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
    await npm('run', 'build');
    const enrollment = await start('enrollment-service');
    const notification = await start('notification-service');
    await vi.waitFor(async () => expect((await fetch(`${notification}/readyz`)).status).toBe(200), 60_000);
    const response = await fetch(`${enrollment}/enrollments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        username: 'ada',
        email: 'ada@example.org',
        course_key: 'course-v1:edX+DemoX+2026',
      }),
    });
    expect(response.status).toBe(201);
    await vi.waitFor(
      async () =>
        expect(JSON.stringify(await (await fetch(`${notification}/preferences`)).json())).toContain('ada'),
      60_000,
    );
    for (const one of running) expect(await one.stop()).toEqual({ code: 0, signal: null });
  });

  /** Until they are published. */
  function overrides(): Record<string, string> {
    return Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
  }

  async function npm(...args: string[]): Promise<void> {
    const { command, args: first } = npmCommand();
    const done = await runCaptured(command, [...first, ...args], { cwd: services });
    expect(done.code, done.output).toBe(0);
  }

  async function start(service: string): Promise<string> {
    const env = { EVENT_BUS: 'redis', EVENT_BUS_REDIS_CONNECTION_URL: redis.url, PORT: '0' };
    const process = startProcess(join(services, service), ['dist/main.js'], env);
    running.push(process);
    const [, url = ''] = await process.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return url;
  }
}

/** Whether the request was answered with 201. */
async function send(url: string, key: string): Promise<boolean> {
  const response = await fetch(`${url}/courses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  }).catch(() => undefined);
  return response?.status === 201;
}

function received({ lines }: StartedProcess): string[] {
  return lines.flatMap((line) => line.match(/^received (.*)$/)?.slice(1) ?? []);
}
