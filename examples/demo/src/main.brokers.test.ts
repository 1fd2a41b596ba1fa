import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { redisOrReason } from '@openedx-ts/brokers';
import { afterEach, describe, expect, it } from 'vitest';

const redis = await redisOrReason({ own: true });
const require = createRequire(import.meta.url);
/** Runs the sources as they are now, those of the packages too, in the processes of the services as well. */
const fromSources = [
  '--conditions=@openedx-ts/source',
  ...['--import', pathToFileURL(require.resolve('tsx')).href],
  fileURLToPath(new URL('./main.ts', import.meta.url)),
];

describe.skipIf(redis.reason !== undefined)(redis.titled('the demo on Redis'), () => {
  const demos: ChildProcess[] = [];
  afterEach(() => {
    for (const demo of demos.splice(0)) demo.kill('SIGKILL');
  });

  /** Runs the command as a terminal would. */
  function runDemo(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const demo = spawn(process.execPath, [...fromSources, '--bus', 'redis', ...args], {
      env: { ...process.env, EVENT_BUS_REDIS_CONNECTION_URL: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    demos.push(demo);
    const ended = once(demo, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
    return { demo, ended, stdout: textOf(demo.stdout), stderr: textOf(demo.stderr) };
  }

  /** Runs the command with more to do than it will come to, and says which processes the services are. */
  async function runLongDemo() {
    const running = runDemo(['--events', '1000000']);
    const pids = () =>
      /enrollment-service is process (\d+), notification-service is process (\d+)/.exec(running.stderr());
    await expect.poll(pids, { timeout: 30_000 }).not.toBeNull();
    const [, enrollment, notification] = (pids() ?? []).map(Number);
    return { ...running, enrollment: enrollment as number, notification: notification as number };
  }

  it('brings a Redis, and lets two processes exchange every event', async () => {
    const { ended, stdout, stderr } = runDemo(['--events', '200', '--json']);
    expect(await ended, stderr()).toEqual([0, null]);
    expect(stderr()).toMatch(/^Redis for tests: .+\ndemo: enrollment-service is process \d+, .+ \d+\n$/);
    const summary = JSON.parse(stdout());
    expect(summary).toMatchObject({ bus: 'redis', sent: 224, delivered: 224, lost: 0, mismatches: [] });
    expect(summary.types[0]).toMatchObject({ over: 'redis', sent: 180, delivered: 180 });
  });

  it('uses the Redis that the environment names, and stops all processes at Ctrl-C', async () => {
    await using server = await redis.start();
    const { demo, ended, stderr } = runDemo(['--events', '1000000'], {
      EVENT_BUS_REDIS_CONNECTION_URL: server.url,
    });
    await expect.poll(stderr, { timeout: 30_000 }).toContain('is process');
    expect(stderr()).toContain('demo: the Redis that EVENT_BUS_REDIS_CONNECTION_URL names\n');
    const pids = [...stderr().matchAll(/is process (\d+)/g)].map(([, pid]) => Number(pid));
    expect(pids.map(isAlive)).toEqual([true, true]);
    demo.kill('SIGINT');
    expect(await ended, stderr()).toEqual([130, null]);
    expect(stderr()).toMatch(/demo: interrupted after \d+ sent and \d+ delivered; all is closed\n$/);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('says which service died and what it said last, and ends the other', async () => {
    const { ended, stderr, enrollment, notification } = await runLongDemo();
    process.kill(notification, 'SIGKILL');
    expect(await ended).toEqual([1, null]);
    expect(stderr()).toContain('demo: notification-service ended with SIGKILL, and said nothing\n');
    expect(isAlive(enrollment)).toBe(false);
  });

  it('leaves no process behind when it is killed itself', async () => {
    const { demo, ended, enrollment, notification } = await runLongDemo();
    demo.kill('SIGKILL');
    await ended;
    const alive = () => [enrollment, notification].filter(isAlive);
    await expect.poll(alive, { timeout: 5_000 }).toEqual([]);
  });

  it('shows why a service cannot start', async () => {
    const url = 'redis://:secret@redis.example.org:6379';
    const { ended, stdout, stderr } = runDemo([], { EVENT_BUS_REDIS_CONNECTION_URL: url });
    expect(await ended).toEqual([1, null]);
    expect(stderr()).toMatch(/demo: \w+-service ended with 1; the last it said:\n/);
    expect(stderr()).toContain('use rediss://');
    expect(stdout() + stderr()).not.toContain(':secret');
  });
});

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return () => text;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
