import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrokerUnavailableError } from '../ladder/broker-unavailable-error.js';
import { findRedis } from './find-redis.js';
import { redisOrReason } from './redis-or-reason.js';

vi.mock('./find-redis.js', () => ({ findRedis: vi.fn() }));

const unavailable = new BrokerUnavailableError('Redis', [{ rung: 'PATH', reason: 'not there' }]);

beforeEach(() => void vi.mocked(findRedis).mockRejectedValue(unavailable));
afterEach(() => void vi.unstubAllEnvs());

describe('redisOrReason', () => {
  it('gives the reason, and titles that have it', async () => {
    vi.stubEnv('CI', '');
    const redis = await redisOrReason();
    expect(redis.reason).toBe('no Redis here: PATH: not there');
    expect(redis.titled('a bus')).toBe('a bus (no Redis here: PATH: not there)');
  });

  it('throws in CI', async () => {
    vi.stubEnv('CI', 'true');
    await expect(redisOrReason()).rejects.toBe(unavailable);
  });

  it('throws what is no absence', async () => {
    vi.stubEnv('CI', '');
    vi.mocked(findRedis).mockRejectedValue(new TypeError('a bug'));
    await expect(redisOrReason()).rejects.toThrow('a bug');
  });

  it('has no reason and plain titles where there is a Redis', async () => {
    vi.mocked(findRedis).mockResolvedValue({ chosen: 'environment', url: 'redis://there', what: '' });
    const redis = await redisOrReason();
    expect(redis.reason).toBeUndefined();
    expect(redis.titled('a bus')).toBe('a bus');
  });
});
