import { describe, expect, it } from 'vitest';
import { callRedis } from './call-redis.js';
import { redisSentinelOrReason } from './start-redis-sentinel.js';

const redis = await redisSentinelOrReason();

describe.skipIf(redis.reason)(redis.titled('startRedisSentinel'), () => {
  it('gives a primary with two replicas, that the Sentinels replace when asked to and when it was killed', async () => {
    await using setUp = await redis.start();
    const first = await setUp.primary();
    await callRedis(first, 'SET', 'orders', '1');
    expect(await callRedis(first, 'WAIT', '2', '5000')).toBe('2');
    const planned = await setUp.failOver();
    expect(planned).not.toBe(first);
    expect(await callRedis(planned, 'INCR', 'orders')).toBe('2');
    await setUp.heal();
    expect(await callRedis(planned, 'WAIT', '2', '5000')).toBe('2');
    await planned.kill();
    const promoted = await setUp.promoted(planned);
    expect(await callRedis(promoted, 'GET', 'orders')).toBe('2');
    await setUp.heal();
    expect(await callRedis(planned, 'GET', 'orders')).toBe('2');
  }, 240_000);
});
