import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { InfrastructureError } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInbox, newKey } from './inbox-contract.test-support.js';
import { redisInbox } from './redis-inbox.js';

const redis = await redisOrReason();

describe.skipIf(redis.reason !== undefined)(redis.titled('redisInbox'), () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await redis.start();
    client = new Redis(server.url, { maxRetriesPerRequest: 0 });
    client.on('error', () => {});
  });
  afterAll(async () => {
    client.disconnect();
    await server[Symbol.asyncDispose]();
  });

  describeInbox(() => redisInbox(client));

  it('remembers an event for ttlMs', async () => {
    const key = newKey();
    await redisInbox(client, { ttlMs: 60_000 }).handle(key, () => {});
    const [name] = await client.keys(`inbox:*${key.id}`);
    expect(await client.pttl(name as string)).toBeGreaterThan(50_000);
    const forever = newKey();
    await redisInbox(client, { ttlMs: Number.POSITIVE_INFINITY }).handle(forever, () => {});
    const [kept] = await client.keys(`inbox:*${forever.id}`);
    expect(await client.pttl(kept as string)).toBe(-1);
  });

  it.each([0, 0.5, 1_000.5, 1e300])(
    'remembers an event with ttlMs %s, and does not fail it',
    async (ttlMs) => {
      expect(await redisInbox(client, { ttlMs, leaseMs: 1_000.5 }).handle(newKey(), () => {})).toBe(true);
    },
  );

  it('processes an event of a process that died once its lease has expired', async () => {
    const key = newKey();
    const dead = redisInbox(client, { leaseMs: 60_000 });
    const started = deferred();
    void dead.handle(key, () => {
      started.resolve();
      return new Promise(() => {});
    });
    await started.promise;
    const next = () => redisInbox(client).handle(key, () => {});
    await expect(next()).rejects.toThrow(InfrastructureError);
    const [name] = await client.keys(`inbox:*${key.id}`);
    await client.pexpire(name as string, 0); // the lease expires
    expect(await next()).toBe(true);
  });

  it('does not run a receiver again in this process when Redis was unreachable after it had run', async () => {
    const key = newKey();
    let isUnreachable = false;
    const inbox = redisInbox({
      call: (command, ...args) =>
        isUnreachable ? Promise.reject(new Error('unreachable')) : client.call(command, ...args),
    });
    let runs = 0;
    const handle = () =>
      inbox.handle(key, () => {
        runs += 1;
        isUnreachable = true;
      });
    await expect(handle()).rejects.toThrow(InfrastructureError);
    await expect(handle()).rejects.toThrow(InfrastructureError);
    isUnreachable = false;
    expect(await handle()).toBe(false);
    expect(await redisInbox(client).handle(key, () => {})).toBe(false);
    expect(runs).toBe(1);
  });

  it('throws an InfrastructureError while Redis is unreachable, so that consumers wait', async () => {
    const unreachable = new Redis(1, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    unreachable.on('error', () => {});
    const handling = redisInbox(unreachable).handle(newKey(), () => {});
    await expect(handling).rejects.toThrow(InfrastructureError);
    unreachable.disconnect();
  });
});
