import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildCopy } from './built-copy.test-support.js';
import { postgresOrReason } from './postgres/postgres-or-reason.js';
import { pingRedis } from './redis/ping-redis.js';
import { askOnce } from './redis/redis-client.test-support.js';
import { redisOrReason } from './redis/redis-or-reason.js';

const redis = await redisOrReason({ own: true });
const postgres = await postgresOrReason({ own: true });

describe.skipIf(redis.reason)(redis.titled('the command `start`'), () => {
  let main: string;
  let temporary: string;

  beforeAll(async () => {
    main = join(buildCopy('command'), 'main.js');
    temporary = await mkdtemp(join(tmpdir(), 'brokers-'));
    // PostgreSQL may have to run as another user than root.
    await chmod(temporary, 0o755);
  });
  afterAll(() => rm(temporary, { recursive: true, force: true }));

  it('prints the URL alone on stdout, what it chose on stderr, and stops the server at Ctrl-C', async () => {
    const { child, url, stderr } = await start('start', 'redis', '--appendonly', 'always');
    await pingRedis(url);
    expect(stderr()).toMatch(/^Redis for tests: .+, ready in \d+\.\d\d s\n$/);
    expect(await askOnce(addressOf(url), 'CONFIG GET appendonly')).toContain('yes');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(pingRedis(url)).rejects.toThrow('ECONNREFUSED');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('starts several at once and prints their addresses in the order asked for', async (context) => {
    if (postgres.reason !== undefined) return context.skip(postgres.reason);
    const { child, lines } = await start('start', 'postgres', 'redis');
    expect(lines).toEqual([expect.stringMatching(/^postgres:/), expect.stringMatching(/^redis:/)]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), 5000);
  });

  it('leaves no server and no file behind when it is killed', async () => {
    const { child, url } = await start('start', 'redis');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await vi.waitFor(() => expect(pingRedis(url)).rejects.toThrow('ECONNREFUSED'), 5000);
    await vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), 5000);
  });

  it('explains itself when called wrongly', async () => {
    for (const args of [
      [],
      ['start'],
      ['start', 'redis', '--appendonly', 'often'],
      ['start', 'redis', '--x'],
      ['start', 'cassandra'],
      ['start', 'kafka', '--password', 'x'],
    ]) {
      const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      const stderr = textOf(child, 'stderr');
      expect(await once(child, 'close')).toEqual([2, null]);
      expect(stderr()).toContain('Usage: ');
    }
  });

  it('reports why no server started', async () => {
    const args = ['start', 'redis', '--config', 'no-such-directive yes'];
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const stderr = textOf(child, 'stderr');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr()).toContain('no-such-directive');
  });

  async function start(...args: string[]) {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = textOf(child, 'stdout');
    const stderr = textOf(child, 'stderr');
    const count = args.filter((arg) => arg === 'redis' || arg === 'postgres').length;
    const addresses = () => stdout().split('\n').slice(0, -1);
    await vi.waitFor(() => expect(addresses()).toHaveLength(count), 20_000);
    const lines = addresses();
    return { child, lines, url: lines[0] ?? '', stderr };
  }
});

function textOf(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[name]?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return () => text;
}

function addressOf(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
