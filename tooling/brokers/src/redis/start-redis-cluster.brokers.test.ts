import { describe, expect, it } from 'vitest';
import { callRedis } from './call-redis.js';
import { redisClusterOrReason } from './start-redis-cluster.js';

const redis = await redisClusterOrReason();

describe.skipIf(redis.reason)(redis.titled('startRedisCluster'), () => {
  it('gives three primaries with a replica each, that fail over and move slots', async () => {
    await using cluster = await redis.start();
    expect(await cluster.primaries()).toHaveLength(3);
    const first = await cluster.primaryOf('orders');
    expect(await callRedis(first, 'SET', 'orders', '1')).toBe('OK');
    const planned = await cluster.failOver(first);
    expect(planned).not.toBe(first);
    expect(await callRedis(planned, 'INCR', 'orders')).toBe('2');
    await cluster.heal();
    expect(await callRedis(planned, 'INCR', 'orders')).toBe('3');
    expect(await callRedis(planned, 'WAIT', '1', '5000')).toBe('1');
    await planned.kill();
    const promoted = await cluster.promoted(planned);
    expect(promoted).toBe(first);
    await cluster.heal();
    expect(await callRedis(promoted, 'GET', 'orders')).toBe('3');
    const other = (await cluster.primaries()).find((node) => node !== promoted) as typeof promoted;
    const end = await cluster.startMove('orders', other);
    await expect(callRedis(promoted, 'GET', 'orders')).rejects.toThrow('ASK');
    await end();
    expect(await cluster.primaryOf('orders')).toBe(other);
    await expect(callRedis(promoted, 'GET', 'orders')).rejects.toThrow('MOVED');
  }, 240_000);
});
