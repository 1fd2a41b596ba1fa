import { redisOrReason } from '@openedx-ts/brokers';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive, killDemos, runDemo } from './demo-command.test-support.js';

const redis = await redisOrReason({ own: true });
describe.skipIf(redis.reason !== undefined)(redis.titled('the demo on Redis'), () => {
  afterEach(killDemos);

  const runOnRedis = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    runDemo(['--bus', 'redis', ...args], { EVENT_BUS_REDIS_CONNECTION_URL: '', ...env });

  /** Runs the command with more events than it will send, and returns the process ids of the services. */
  async function runLongDemo() {
    const running = runOnRedis(['--events', '1000000']);
    const pids = () =>
      /enrollment-service is process (\d+), notification-service is process (\d+)/.exec(running.stderr());
    await expect.poll(pids, { timeout: 60_000 }).not.toBeNull();
    const [, enrollment, notification] = (pids() ?? []).map(Number);
    return { ...running, enrollment: enrollment as number, notification: notification as number };
  }

  it('brings a Redis, and lets two processes exchange every event', async () => {
    const { ended, stdout, stderr } = runOnRedis(['--events', '200', '--json']);
    expect(await ended, stderr()).toEqual([0, null]);
    expect(stderr()).toMatch(/^Redis for tests: .+\ndemo: enrollment-service is process \d+, .+ \d+\n$/);
    const summary = JSON.parse(stdout());
    expect(summary).toMatchObject({ bus: 'redis', sent: 224, delivered: 224, lost: 0, mismatches: [] });
    expect(summary.types[0]).toMatchObject({ over: 'redis', sent: 180, delivered: 180 });
  });

  it('loses nothing with an outbox while Redis is stopped, and publishes nothing of an enrolment that fails', async () => {
    const { ended, stdout, stderr } = runOnRedis(['--outbox', '--events', '60', '--json']);
    expect(await ended, stderr()).toEqual([0, null]);
    const summary = JSON.parse(stdout());
    expect(summary).toMatchObject({ bus: 'redis', sent: 84, delivered: 84, lost: 0, mismatches: [] });
    expect(summary.outbox).toEqual({ failed: 6, waited: expect.any(Number) });
    expect(summary.outbox.waited).toBeGreaterThanOrEqual(20);
  }, 240_000);

  it('uses the Redis that the environment names, and stops all processes at Ctrl-C', async () => {
    await using server = await redis.start();
    const { demo, ended, stderr } = runOnRedis(['--events', '1000000'], {
      EVENT_BUS_REDIS_CONNECTION_URL: server.url,
    });
    await expect.poll(stderr, { timeout: 60_000 }).toContain('is process');
    expect(stderr()).toContain('demo: using the Redis of EVENT_BUS_REDIS_CONNECTION_URL\n');
    const pids = [...stderr().matchAll(/is process (\d+)/g)].map(([, pid]) => Number(pid));
    expect(pids.map(isAlive)).toEqual([true, true]);
    demo.kill('SIGINT');
    expect(await ended, stderr()).toEqual([130, null]);
    expect(stderr()).toMatch(
      /demo: interrupted after \d+ sent and \d+ delivered; both services are stopped\n$/,
    );
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('reports which service died and its last output, and ends the other', async () => {
    const { ended, stderr, enrollment, notification } = await runLongDemo();
    process.kill(notification, 'SIGKILL');
    expect(await ended).toEqual([1, null]);
    expect(stderr()).toContain('demo: notification-service ended with SIGKILL, without output\n');
    expect(isAlive(enrollment)).toBe(false);
  });

  it('leaves no process behind when it is killed itself', async () => {
    const { demo, ended, enrollment, notification } = await runLongDemo();
    demo.kill('SIGKILL');
    await ended;
    const alive = () => [enrollment, notification].filter(isAlive);
    await expect.poll(alive, { timeout: 60_000 }).toEqual([]);
  });

  it('shows why a service cannot start', async () => {
    const url = 'redis://:secret@redis.example.org:6379';
    const { ended, stdout, stderr } = runOnRedis([], { EVENT_BUS_REDIS_CONNECTION_URL: url });
    expect(await ended).toEqual([1, null]);
    expect(stderr()).toMatch(/demo: \w+-service ended with 1; its last output:\n/);
    expect(stderr()).toContain('use rediss://');
    expect(stdout() + stderr()).not.toContain(':secret');
  });
});
