import { Kafka } from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import { paceSession, renewSessionsInTime, type SessionConnection } from './session-renewal.js';

/** A connection of kafkajs that is logged in since some milliseconds, and what it then does. */
function connection({
  lifetimeMs,
  sinceMs,
}: {
  readonly lifetimeMs: number;
  readonly sinceMs: number | null;
}) {
  const done: string[] = [];
  const at = process.hrtime.bigint() - BigInt((sinceMs ?? 0) * 1_000_000);
  const fake: SessionConnection & { readonly reauthenticationThreshold: number } = {
    reauthenticationThreshold: 10_000,
    authenticatedAt: sinceMs === null ? null : [Number(at / 1_000_000_000n), Number(at % 1_000_000_000n)],
    sessionLifetime: { value: BigInt(lifetimeMs) },
    isAuthenticated: () =>
      sinceMs !== null && (lifetimeMs === 0 || sinceMs + fake.reauthenticationThreshold < lifetimeMs),
    disconnect: async () => void done.push('disconnect'),
    send: async () => void done.push('send'),
    authenticate: async () => void done.push('authenticate'),
  };
  paceSession(fake);
  return { fake, done };
}
const fetch = { request: { apiKey: 1 } };

describe('paceSession', () => {
  it.each([
    [3_600_000, 10_000],
    [40_000, 10_000],
    [9_000, 2_250],
    [4_000, 1_000],
    [1_001, 251],
  ])('renews a session of %i ms %i ms before its end', (lifetimeMs, aheadMs) => {
    expect(connection({ lifetimeMs, sinceMs: 0 }).fake.reauthenticationThreshold).toBe(aheadMs);
  });

  it.each([
    ['without an end', { lifetimeMs: 0, sinceMs: 9e6 }, ['send']],
    ['that is good', { lifetimeMs: 4_000, sinceMs: 2_900 }, ['send']],
    ['that ends soon', { lifetimeMs: 4_000, sinceMs: 3_100 }, ['authenticate', 'send']],
    ['that is over', { lifetimeMs: 4_000, sinceMs: 60_000 }, ['authenticate', 'send']],
    ['that was never started', { lifetimeMs: 0, sinceMs: null }, ['authenticate', 'send']],
  ])('sends a request in a session %s', async (_what, about, expected) => {
    const { fake, done } = connection(about);
    await fake.send(fetch);
    expect(done).toEqual(expected);
  });

  it('does not log in again within a second, which brokers refuse', async () => {
    const { fake, done } = connection({ lifetimeMs: 300, sinceMs: 900 });
    const sent = fake.send(fetch);
    await new Promise(setImmediate);
    expect(done).toEqual([]);
    await sent;
    expect(done).toEqual(['authenticate', 'send']);
  });

  it('sends what a login consists of at once', async () => {
    const { fake, done } = connection({ lifetimeMs: 300, sinceMs: 900 });
    await fake.send({ request: { apiKey: 17 } });
    expect(done).toEqual(['send']);
  });

  it('disconnects after a login that failed half-way, because the broker accepts no second handshake', async () => {
    const { fake, done } = connection({ lifetimeMs: 0, sinceMs: null });
    const failing = { ...fake, authenticate: () => Promise.reject(new Error('no token')) };
    paceSession(failing);
    await expect(failing.send(fetch)).rejects.toThrow('no token');
    expect(done).toEqual(['disconnect']);
  });
});

describe('renewSessionsInTime', () => {
  it('reports a kafkajs that has no way to its connections', () => {
    expect(() => renewSessionsInTime({} as Kafka)).toThrow(/kafkajs has no private:Kafka:createCluster/);
  });

  it('paces the connections of every broker that kafkajs connects to', async () => {
    const kafka = new Kafka({
      brokers: ['127.0.0.1:1'],
      sasl: { mechanism: 'plain', username: 'a', password: 'b' },
    });
    renewSessionsInTime(kafka);
    let cluster: unknown;
    kafka.consumer({
      groupId: 'none',
      partitionAssigners: [
        (config) => {
          cluster = config.cluster;
          return { name: '', version: 0, assign: vi.fn(), protocol: vi.fn() };
        },
      ],
    });
    const { brokerPool } = cluster as {
      readonly brokerPool: {
        readonly connectionPoolBuilder: { build(): Promise<{ readonly pool: readonly object[] }> };
      };
    };
    const { pool } = await brokerPool.connectionPoolBuilder.build();
    expect(pool).toHaveLength(2);
    for (const each of pool)
      expect(Object.getOwnPropertyDescriptor(each, 'reauthenticationThreshold')?.get).toBeTypeOf('function');
  });
});
