import { describe, expect, it, vi } from 'vitest';
import { pingRedis } from '../redis/ping-redis.js';
import { askOnce, RedisClient } from '../redis/redis-client.test-support.js';
import { redisOrReason } from '../redis/redis-or-reason.js';
import { startFaultProxy } from './start-fault-proxy.js';

const redis = await redisOrReason();

describe.skipIf(redis.reason)(redis.titled('startFaultProxy in front of Redis'), () => {
  it('lets a write happen whose answer is lost', async () => {
    await using server = await redis.start();
    await using proxy = await startFaultProxy({ target: server });
    using client = await RedisClient.open(proxy);
    proxy.oneWayCut('toClient');
    const key = `written-${crypto.randomUUID()}`;
    client.send(`SET ${key} 1`);
    await vi.waitFor(async () => expect(await askOnce(server, `GET ${key}`)).toBe('$1\r\n1'));
    proxy.reset();
    expect(client.received).toBe('');
    await askOnce(server, `DEL ${key}`);
  });

  it('makes a stall look like a frozen server', async () => {
    await using server = await redis.start();
    await using proxy = await startFaultProxy({ target: server });
    const url = `redis://${proxy.host}:${proxy.port}`;
    await pingRedis(url);
    proxy.stall();
    await expect(pingRedis(url, { timeoutMs: 100 })).rejects.toThrow('no PONG within 100 ms');
    proxy.heal();
    await pingRedis(url);
  });
});
