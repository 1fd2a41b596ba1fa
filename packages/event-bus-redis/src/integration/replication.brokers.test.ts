import { type RedisSentinelSetUp, redisSentinelOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import type { RedisProducerOptions } from '../options/redis-options.js';
import { redisConsumerSettings, redisProducerSettings } from '../options/redis-settings.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import {
  entriesOf,
  eventually,
  RunningConsumer,
  receivedItems,
  sendItem,
  textOf,
} from './redis-bench.test-support.js';

const redis = await redisSentinelOrReason();

describe.skipIf(redis.reason !== undefined)(redis.titled('a Redis with replicas and Sentinels'), () => {
  const restore = snapshotSignals();
  const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);
  let setUp: RedisSentinelSetUp;
  let tests = 0;
  const topic = () => `replicated-${process.pid}-${tests}`;

  beforeAll(async () => {
    setUp = await redis.start();
  });
  afterAll(async () => {
    await setUp?.[Symbol.asyncDispose]();
    restore();
  });

  const environment = () => ({
    EVENT_BUS_REDIS_CONNECTION_URL: 'redis://not-used',
    EVENT_BUS_REDIS_SENTINELS: setUp.sentinels.map(({ host, port }) => `${host}:${port}`).join(','),
    EVENT_BUS_REDIS_SENTINEL_PRIMARY: setUp.name,
  });
  const produce = (options: Partial<RedisProducerOptions> = {}) => {
    tests += 1;
    return new RedisEventBusProducer({ ...redisProducerSettings(environment()), ...options });
  };
  const consume = () =>
    new RunningConsumer({ ...redisConsumerSettings(environment()), topics: [topic()], groupId: 'g' });
  const idsIn = async (url: string) => {
    const client = new Redis(url);
    try {
      return (await entriesOf(client, topic())).map((fields) => textOf(fields, 'id'));
    } finally {
      client.disconnect();
    }
  };

  it('loses nothing in a planned failover', async () => {
    using received = receivedItems();
    await using producer = produce();
    await using _ = consume();
    const sends = numbers(100).map((number) => sendItem(producer, topic(), number));
    const failingOver = setUp.failOver();
    for (const number of numbers(300, 100)) {
      sends.push(sendItem(producer, topic(), number));
      await sends.at(-20);
    }
    await failingOver;
    await Promise.all(sends);
    await eventually(() => new Set(received.numbers).size).toBe(400);
    await setUp.heal();
  });

  it('shows the primary and its replicas to operators, who know only the Sentinels', async () => {
    await using admin = new RedisEventBusAdmin(environment());
    const findings = await admin.diagnose();
    expect(findings).toContainEqual({
      verdict: 'ok',
      subject: 'broker',
      message: expect.stringMatching(/^the primary mymaster \(by Sentinel\) replies: (?:Redis|Valkey) \d/),
    });
    expect(findings).toContainEqual({
      verdict: 'ok',
      subject: 'replication',
      message: expect.stringContaining('replicas connected: 2; an event is accepted before they have it'),
    });
  });

  it('does not report an event as accepted that too few replicas have', async () => {
    await using producer = produce({ acceptedBy: { replicas: 2, timeoutMs: 100 } });
    const isAccepted = (number: number) =>
      sendItem(producer, topic(), number).then(
        () => true,
        () => false,
      );
    await eventually(() => isAccepted(1)).toBe(true);
    const primary = await setUp.primary();
    const replica = setUp.nodes.find((node) => node !== primary);
    await replica?.freeze();
    try {
      await expect(sendItem(producer, topic(), 2)).rejects.toMatchObject({
        code: 'EVENTS_PRODUCE_FAILED',
        outcome: 'unknown',
        retryable: false,
        message: expect.stringContaining(
          'may have been accepted: the primary has it, but only 1 of 2 replicas (acceptedBy) had it within 100 ms',
        ),
      });
    } finally {
      await replica?.unfreeze();
    }
    expect((await idsIn(primary.url)).length).toBeGreaterThanOrEqual(2);
    await eventually(() => isAccepted(3)).toBe(true);
    await setUp.heal();
  });

  it('keeps each accepted event when the primary is killed, if a replica must have it', async () => {
    await using producer = produce({ acceptedBy: { replicas: 1 } });
    const accepted: number[] = [];
    let isEnded = false;
    const sending = (async () => {
      const last: Promise<unknown>[] = [];
      for (let number = 0; !isEnded; number += 1) {
        const name = `${number % 5}`;
        last.push(
          sendItem(producer, topic(), number, name).then(
            () => accepted.push(number),
            () => undefined, // unknown
          ),
        );
        await Promise.all([last.at(-50), new Promise(setImmediate)]);
      }
      await Promise.all(last);
    })();
    await eventually(() => accepted.length).toBeGreaterThan(200);
    const killed = await setUp.primary();
    await killed.kill();
    const primary = await setUp.promoted(killed);
    await setUp.heal(); // Sentinels take seconds to have the other replica follow
    const before = accepted.length;
    await eventually(() => accepted.length).toBeGreaterThan(before + 200);
    isEnded = true;
    await sending;
    using received = receivedItems();
    await using _ = consume();
    await eventually(() => accepted.filter((number) => !received.numbers.includes(number))).toEqual([]);
    const ids = await idsIn(primary.url);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
