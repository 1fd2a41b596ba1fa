import { describe, expect, it, vi } from 'vitest';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { NotControllableError } from '../ladder/not-controllable-error.js';
import { pingRedis } from './ping-redis.js';
import { askOnce, RedisClient } from './redis-client.test-support.js';
import { redisOrReason } from './redis-or-reason.js';
import { startRedis } from './start-redis.js';

const redis = await redisOrReason({ own: true });

describe.skipIf(redis.reason)(redis.titled('startRedis'), () => {
  it('gives a server that answers at its URL', async () => {
    await using server = await redis.start();
    await pingRedis(server.url);
    expect(server.url).toBe(`redis://${server.host}:${server.port}`);
    expect(['docker', 'binary', 'package']).toContain(server.chosen);
  });

  it('starts two at once on different ports, each with data of its own', async () => {
    const servers = await Promise.all([redis.start(), redis.start()]);
    await using first = servers[0];
    await using second = servers[1];
    expect(first.port).not.toBe(second.port);
    await askOnce(first, 'SET whose first');
    expect(await askOnce(second, 'GET whose')).toBe('$-1');
  });

  it('keeps data over stop, start and restart with an append-only file, on the same port', async () => {
    await using server = await redis.start({ appendonly: 'everysec' });
    const { port } = server;
    await askOnce(server, 'SET kept 1');
    await server.stop();
    await expect(pingRedis(server.url)).rejects.toThrow('ECONNREFUSED');
    await server.start();
    expect(await askOnce(server, 'GET kept')).toBe('$1\r\n1');
    await server.restart();
    expect(await askOnce(server, 'GET kept')).toBe('$1\r\n1');
    expect(server.port).toBe(port);
  });

  it('forgets data at a restart without one', async () => {
    await using server = await redis.start();
    await askOnce(server, 'SET lost 1');
    await server.restart();
    expect(await askOnce(server, 'GET lost')).toBe('$-1');
  });

  it('keeps every acknowledged write over SIGKILL with appendonly always', async () => {
    await using server = await redis.start({ appendonly: 'always' });
    for (let round = 1; round <= 3; round += 1) {
      using client = await RedisClient.open(server);
      await client.ask('INCR writes');
      await client.ask('INCR writes');
      await server.kill();
      await server.start();
      expect(await askOnce(server, 'GET writes')).toMatch(new RegExp(`\r\n${round * 2}$`));
    }
  });

  it('accepts connections and does not answer while frozen', async () => {
    await using server = await redis.start();
    using open = await RedisClient.open(server);
    for (let round = 0; round < 20; round += 1) {
      await server.freeze();
      open.send('PING');
      await expect(pingRedis(server.url, { timeoutMs: 20 })).rejects.toThrow('no PONG within 20 ms');
      expect(open.received).toBe('');
      await server.unfreeze();
      await vi.waitFor(() => expect(open.received).toBe('+PONG\r\n'), { interval: 1 });
    }
  });

  it('stops and kills a frozen server too', async () => {
    await using server = await redis.start();
    await server.freeze();
    await server.stop();
    await server.start();
    await server.freeze();
    await server.kill();
    await expect(pingRedis(server.url)).rejects.toThrow('ECONNREFUSED');
  });

  it('sets a password, users and further configuration', async () => {
    await using server = await redis.start({
      password: 'p@ss "word\\',
      users: ['reader on >secret ~open:* +get'],
      config: ['maxmemory 12345678'],
    });
    await pingRedis(server.url);
    const { hostname, port } = new URL(server.url);
    await expect(pingRedis(`redis://${hostname}:${port}`)).rejects.toMatchObject({
      reply: expect.stringMatching(/^-NOAUTH/),
    });
    using client = await RedisClient.open(server);
    expect(await client.ask('AUTH reader secret')).toBe('+OK');
    expect(await client.ask('GET open:door')).toBe('$-1');
    expect(await client.ask('GET closed:door')).toMatch(/^-NOPERM/);
    expect(await client.ask('AUTH "p@ss \\"word\\\\"')).toBe('+OK');
    expect(await client.ask('CONFIG GET maxmemory')).toContain('12345678');
  });

  it('comes up although the user default is off', async () => {
    await using server = await redis.start({ users: ['default off', 'only on >secret ~* +@all'] });
    await pingRedis(`redis://only:secret@${server.host}:${server.port}`);
  });

  it('throws with the end of the log when the server ends early', async () => {
    const failed = await redis.start({ config: ['no-such-directive yes'] }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BrokerFailedError);
    expect(failed).toMatchObject({
      code: 'BROKERS_FAILED',
      message: expect.stringContaining('no-such-directive'),
    });
  });

  it('refuses to start what runs and to freeze what does not', async () => {
    await using server = await redis.start();
    await expect(server.start()).rejects.toThrow('running already');
    await server.kill();
    await server.kill();
    await expect(server.freeze()).rejects.toThrow('not running');
  });

  it('uses the server that TEST_REDIS_URL names, and leaves it alone', async () => {
    await using other = await redis.start();
    vi.stubEnv('TEST_REDIS_URL', other.url);
    try {
      const named = await startRedis();
      expect(named).toMatchObject({ url: other.url, port: other.port, chosen: 'environment' });
      await expect(named.kill()).rejects.toBeInstanceOf(NotControllableError);
      await expect(named.freeze()).rejects.toThrow('TEST_REDIS_URL');
      await named.stop();
      await pingRedis(other.url);
      await using own = await startRedis({ appendonly: 'always' });
      expect(own.port).not.toBe(other.port);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

const valkey = await redisOrReason({ edition: 'valkey-9' });

describe.skipIf(valkey.reason)(valkey.titled('startRedis with an edition'), () => {
  it('starts that server', async () => {
    await using server = await valkey.start();
    expect(await askOnce(server, 'INFO server')).toMatch(/valkey_version:9\./);
  });
});
