import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { createMetadata, type Producer } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisEventBusConsumer } from '../consumer/redis-event-bus-consumer.js';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { ITEM } from './redis-bench.test-support.js';

const redis = await redisOrReason();
const restore = snapshotSignals();

describe.skipIf(redis.reason !== undefined)(redis.titled('a member of a Redis group'), () => {
  let server: RedisServer;
  let client: Redis;
  let producer: Producer;
  let topic = '';
  let tests = 0;
  const groupId = 'g';

  beforeAll(async () => {
    server = await redis.start();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server[Symbol.asyncDispose]();
    restore();
  });
  beforeEach(() => {
    tests += 1;
    topic = `take-over-${process.pid}-${tests}`;
    producer = new RedisEventBusProducer({ url: server.url });
  });
  afterEach(() => producer.close());

  const send = (number: number) =>
    producer.send({
      signal: ITEM,
      topic,
      eventKeyField: 'item.name',
      data: { item: { name: 'a', number } },
      metadata: createMetadata(ITEM),
    });

  /** A receiver that notes numbers, and does not come to an end with number 0 before `release` is called. */
  function receiver() {
    const numbers: number[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const connection = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
      if (!fromEventBus) return;
      numbers.push(item.number);
      if (item.number === 0) await held;
    });
    return { numbers, release, [Symbol.dispose]: () => connection[Symbol.dispose]() };
  }

  const member = (options: Partial<RedisConsumerOptions>) =>
    new RedisEventBusConsumer({
      ...{ url: server.url, topics: [topic], groupId, startFrom: 'earliest', blockMs: 50 },
      ...options,
    });

  /** How many unfinished entries each member has. */
  async function pending(): Promise<Readonly<Record<string, number>>> {
    const [, , , members] = (await client.xpending(topic, groupId)) as [number, string, string, string[][]];
    return Object.fromEntries((members ?? []).map(([name = '', count]) => [name, Number(count)]));
  }

  it('keeps its events in flight, however long its receivers take, while it reads nothing', async () => {
    using received = receiver();
    const timing = { claimIdleMs: 300, claimEveryMs: 50 };
    await Promise.all(Array.from({ length: 10 }, (_, number) => send(number)));
    // One event in flight and nine that wait are more than it buffers: it reads nothing until the first is acknowledged.
    await using slow = member({ ...timing, consumerName: 'slow', batchSize: 10, maxBufferedEvents: 1 });
    const slowRun = slow.run();
    await expect.poll(() => received.numbers).toEqual([0]);

    await using other = member({ ...timing, consumerName: 'other' });
    const otherRun = other.run();
    const startedAt = performance.now();
    let number = 100;
    while (performance.now() - startedAt < 4 * timing.claimIdleMs) {
      await send(number);
      await expect.poll(() => received.numbers.at(-1)).toBe(number);
      number += 1;
    }
    expect((await pending()).slow).toBe(10);
    received.release();
    await expect.poll(() => received.numbers.length).toBe(10 + (number - 100));
    slow.stop();
    other.stop();
    await Promise.all([slowRun, otherRun]);
    expect(await pending()).toEqual({});
  });

  it('claims every entry that a dead member left, not one batch per interval', async () => {
    using received = receiver();
    await Promise.all(Array.from({ length: 500 }, (_, number) => send(number)));
    const dead = member({ consumerName: 'dead', maxBufferedEvents: 1_000 });
    const deadRun = dead.run();
    await expect.poll(pending).toEqual({ dead: 500 });
    await dead.crash();
    await deadRun;
    received.release();

    const idle = async () =>
      ((await client.xpending(topic, groupId, 'IDLE', 100, '-', '+', 500)) as []).length;
    await expect.poll(idle).toBe(500);
    // It looks once, at its start, and then not for a minute.
    await using heir = member({ consumerName: 'heir', claimIdleMs: 100, claimEveryMs: 60_000 });
    const heirRun = heir.run();
    await expect.poll(pending, { timeout: 60_000 }).toEqual({});
    expect(new Set(received.numbers).size).toBe(500);
    heir.stop();
    await heirRun;
  });
});
