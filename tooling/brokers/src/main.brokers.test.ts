import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildCopy } from './built-copy.test-support.js';
import { pingRedis } from './redis/ping-redis.js';
import { askOnce } from './redis/redis-client.test-support.js';
import { redisOrReason } from './redis/redis-or-reason.js';

const redis = await redisOrReason({ own: true });

describe.skipIf(redis.reason)(redis.titled('the command `start redis`'), () => {
  let main: string;
  let temporary: string;

  beforeAll(async () => {
    main = join(buildCopy('command'), 'main.js');
    temporary = await mkdtemp(join(tmpdir(), 'brokers-'));
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
    ]) {
      const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      const stderr = textOf(child, 'stderr');
      expect(await once(child, 'close')).toEqual([2, null]);
      expect(stderr()).toContain('Usage: ');
    }
  });

  it('says why no server came up', async () => {
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
    await vi.waitFor(() => expect(stdout()).toMatch(/^redis:\S+\n$/), 10_000);
    return { child, url: stdout().trim(), stderr };
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
