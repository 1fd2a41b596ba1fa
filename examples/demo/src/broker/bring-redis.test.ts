import { BrokerFailedError, BrokerUnavailableError } from '@openedx-ts/brokers';
import { describe, expect, it, vi } from 'vitest';
import { bringBroker } from './bring-broker.js';
import { bringRedis } from './bring-redis.js';
import { NoBroker } from './brought-broker.js';

describe('bringRedis', () => {
  it('uses the Redis that the environment names, starts none, and does not print where it is', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const start = vi.fn();
    const env = { EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:secret@127.0.0.1:1' };
    expect((await bringRedis(env, start)).env).toBe(env);
    expect(start).not.toHaveBeenCalled();
    expect(stderr.mock.calls).toEqual([['demo: using the Redis of EVENT_BUS_REDIS_CONNECTION_URL\n']]);
    stderr.mockRestore();
  });

  it('reports what was tried and the cure when none can be started', async () => {
    const tried = [
      { rung: 'Docker', reason: 'docker is not on the PATH' },
      { rung: 'PATH', reason: 'redis-server is not on the PATH' },
    ];
    const bringing = bringRedis({}, () => Promise.reject(new BrokerUnavailableError('Redis', tried)));
    await expect(bringing).rejects.toBeInstanceOf(NoBroker);
    await expect(bringing).rejects.toThrow(
      /none could be started:\n {2}Docker: docker is not on the PATH\n {2}PATH: .+\nStart Docker or .+EVENT_BUS_REDIS_CONNECTION_URL=redis:.+--bus memory/,
    );
  });

  it('reports why one that was started did not come up', async () => {
    const failure = new BrokerFailedError('redis-server', 'ended', 'no space left');
    await expect(bringRedis({}, () => Promise.reject(failure))).rejects.toMatchObject({
      name: 'NoBroker',
      message: expect.stringContaining('no space left'),
    });
  });
});

describe('bringBroker', () => {
  it('leaves the environment alone for a bus that needs no broker of its own', async () => {
    const env = { LOG_LEVEL: 'warn' };
    expect((await bringBroker('memory', env)).env).toBe(env);
  });
});
