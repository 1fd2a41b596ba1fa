import { type RedisServer, redisOrReason, startFaultProxy } from '@openedx-ts/brokers';
import { configureEvents, createMetadata, type Producer } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisEventBusConsumer } from '../consumer/redis-event-bus-consumer.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { ITEM } from './redis-bench.test-support.js';

const redis = await redisOrReason({ appendonly: 'always' });
const restore = snapshotSignals();

describe.skipIf(redis.reason !== undefined)(redis.titled('the Redis bus'), () => {
  let server: RedisServer;
  let client: Redis;
  let topics = 0;
  const nextTopic = () => {
    topics += 1;
    return `items-${topics}`;
  };

  beforeAll(async () => {
    server = await redis.start();
    client = new Redis(server.url);
    client.on('error', () => {}); // it goes away and comes back in these tests
  });
  afterAll(async () => {
    client.disconnect();
    await server[Symbol.asyncDispose]();
    restore();
  });
  const connections: Disposable[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection[Symbol.dispose]();
  });

  const send = (producer: Producer, topic: string, number: number) =>
    producer.send({
      signal: ITEM,
      topic,
      eventKeyField: 'item.name',
      data: { item: { name: 'a', number } },
      metadata: createMetadata({ eventType: ITEM.eventType }),
    });

  /** Collects the numbers that arrive, and resolves when so many different ones have arrived. */
  function collect() {
    const arrived: number[] = [];
    const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
    const receive = ({
      data,
      fromEventBus,
    }: {
      data: { item: { number: number } };
      fromEventBus: boolean;
    }) => {
      if (!fromEventBus) return;
      arrived.push(data.item.number);
      const different = new Set(arrived).size;
      for (const { count, resolve } of waiting) if (different >= count) resolve();
    };
    connections.push(ITEM.connect(receive));
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        if (new Set(arrived).size >= count) resolve();
        else waiting.push({ count, resolve });
      });
    return { arrived, until };
  }

  it('delivers 10,000 events that were sent before the group started, and a second member loses none', async () => {
    const topic = nextTopic();
    const options = { url: server.url, topics: [topic], groupId: 'away' };
    const first = new RedisEventBusConsumer(options);
    const firstRun = first.run();
    await first.ready;
    await first.close();
    await firstRun;

    await using producer = new RedisEventBusProducer({
      url: server.url,
      streamMaxLength: Number.POSITIVE_INFINITY,
    });
    await Promise.all(Array.from({ length: 10_000 }, (_, number) => send(producer, topic, number)));
    const { arrived, until } = collect();
    await using one = new RedisEventBusConsumer(options);
    await using two = new RedisEventBusConsumer(options);
    const running = [one.run(), two.run()];
    await until(10_000);
    await Promise.all([one.close(), two.close(), ...running]);
    expect(arrived).toHaveLength(10_000);
  });

  it('delivers every event that was accepted while Redis was killed and restarted, and none twice', async () => {
    const topic = nextTopic();
    const { arrived, until } = collect();
    await using consumer = new RedisEventBusConsumer({ url: server.url, topics: [topic], groupId: 'killed' });
    const running = consumer.run();
    await consumer.ready;
    await using producer = new RedisEventBusProducer({
      url: server.url,
      streamMaxLength: Number.POSITIVE_INFINITY,
    });
    let number = 0;
    for (let round = 0; round < 3; round += 1) {
      const sends = Array.from({ length: 2_000 }, () => send(producer, topic, number++));
      await server.kill();
      await server.start();
      await Promise.all(sends);
    }
    await until(number);
    consumer.stop();
    await running;
    expect([...arrived].sort((a, b) => a - b)).toEqual(Array.from({ length: number }, (_, index) => index));
    expect(await client.xlen(topic)).toBe(number);
  });

  it('looks up what was written when replies are lost, and sends no event twice', async () => {
    const topic = nextTopic();
    await using proxy = await startFaultProxy({ target: { host: server.host, port: server.port } });
    await using producer = new RedisEventBusProducer({ url: `redis://${proxy.host}:${proxy.port}` });
    await send(producer, topic, 0);
    proxy.oneWayCut('toClient');
    const sends = Array.from({ length: 50 }, (_, index) => send(producer, topic, index + 1));
    await expect.poll(() => client.xlen(topic), { timeout: 60_000 }).toBe(51);
    proxy.reset(); // before it heals: what it holds back must not arrive
    proxy.heal();
    const receipts = await Promise.all(sends);
    expect(new Set(receipts.map(({ position }) => position)).size).toBe(50);
    expect(await client.xlen(topic)).toBe(51);
  });

  it('notices a frozen Redis, logs it, and continues when Redis does', async () => {
    const topic = nextTopic();
    const { until } = collect();
    await using consumer = new RedisEventBusConsumer({
      url: server.url,
      topics: [topic],
      groupId: 'frozen',
      blockMs: 500,
      connectTimeoutMs: 500,
    });
    const running = consumer.run();
    await consumer.ready;
    await server.freeze();
    await expect.poll(() => consumer.health().ready, { timeout: 60_000 }).toBe(false);
    expect(consumer.health().reasons.join()).toMatch(/Redis/);
    await server.unfreeze();
    await using producer = new RedisEventBusProducer({ url: server.url });
    await send(producer, topic, 1);
    await until(1);
    consumer.stop();
    await running;
  });

  it('reports an event whose answer was lost until deliveryTimeoutMs as one that may have been accepted', async () => {
    const topic = nextTopic();
    await using producer = new RedisEventBusProducer({
      url: server.url,
      commandTimeoutMs: 300,
      connectTimeoutMs: 300,
      deliveryTimeoutMs: 1_000,
    });
    await send(producer, topic, 1);
    await server.freeze();
    const failure = await send(producer, topic, 2).catch((error: unknown) => error);
    await server.unfreeze();
    expect(failure).toMatchObject({ outcome: 'unknown', fault: 'unknown', retryable: false });
    expect(failure).toHaveProperty('code', 'EVENTS_PRODUCE_FAILED');
    expect((failure as Error).message).toContain('may have been accepted');
    await expect.poll(() => client.xlen(topic)).toBe(2);
  });

  it('creates a group again that was flushed, logs it, and continues', async () => {
    const errors: string[] = [];
    const logger = {
      debug() {},
      info() {},
      warn() {},
      error: (_facts: object, message: string) => void errors.push(message),
    };
    using _settings = configureEvents({ logger });
    const topic = nextTopic();
    const { until } = collect();
    await using consumer = new RedisEventBusConsumer({
      url: server.url,
      topics: [topic],
      groupId: 'flushed',
      blockMs: 100,
    });
    const running = consumer.run();
    await consumer.ready;
    await client.flushall();
    await using producer = new RedisEventBusProducer({ url: server.url });
    await send(producer, topic, 1);
    await until(1);
    consumer.stop();
    await running;
    expect(errors.join()).toMatch(/group did not exist any more/);
  });

  it('writes the eight fields of the Python bus first, then its own', async () => {
    const topic = nextTopic();
    await using producer = new RedisEventBusProducer({ url: server.url, topicPrefix: 'dev' });
    await send(producer, topic, 1);
    const [[, fields] = ['', []]] = await client.xrange(`dev-${topic}`, '-', '+');
    const names = fields.filter((_, index) => index % 2 === 0);
    expect(names).toEqual([
      ...['type', 'id', 'source', 'time', 'minorversion', 'sourcehost', 'sourcelib', 'event_data'],
      ...['event_key', 'schema_fp'],
    ]);
    const fingerprint = fields[fields.indexOf('schema_fp') + 1] as string;
    expect(await client.hget('dev-openedx-events-schemas', fingerprint)).toContain('"name": "Item"');
  });

  it('acknowledges the entry by which Python creates a stream, without a dead letter', async () => {
    const topic = nextTopic();
    const { arrived, until } = collect();
    await using consumer = new RedisEventBusConsumer({
      url: server.url,
      topics: [topic],
      groupId: 'g',
      startFrom: 'earliest',
    });
    await client.xadd(topic, '0-1', '', '');
    const running = consumer.run();
    await using producer = new RedisEventBusProducer({ url: server.url });
    await send(producer, topic, 1);
    await until(1);
    consumer.stop();
    await running;
    expect(arrived).toEqual([1]);
    expect(await client.exists(`${topic}.g.dlq`)).toBe(0);
    expect(((await client.xpending(topic, 'g')) as [number])[0]).toBe(0);
  });

  it('dead-letters an event of an incompatible definition with both fingerprints', async () => {
    const topic = nextTopic();
    const { until } = collect();
    const other = snapshotSignals();
    await using consumer = new RedisEventBusConsumer({ url: server.url, topics: [topic], groupId: 'g' });
    const running = consumer.run();
    await consumer.ready;
    await using producer = new RedisEventBusProducer({ url: server.url });
    await send(producer, topic, 1);
    await until(1);
    // the same type as another service has it, with text where we have a number
    const foreign = JSON.stringify({
      name: 'CloudEvent',
      type: 'record',
      fields: [
        {
          name: 'item',
          type: {
            name: 'Item',
            type: 'record',
            fields: [
              { name: 'name', type: 'string' },
              { name: 'number', type: 'string' },
            ],
          },
        },
      ],
    });
    const { createHash } = await import('node:crypto');
    const fingerprint = createHash('sha256').update(foreign).digest('hex');
    await client.hset('openedx-events-schemas', fingerprint, foreign);
    const { id } = createMetadata({ eventType: ITEM.eventType });
    await client.xadd(
      topic,
      '*',
      'type',
      ITEM.eventType,
      'id',
      id,
      'event_data',
      '\u0002a\u00021',
      'schema_fp',
      fingerprint,
    );
    await expect.poll(() => client.xlen(`${topic}.g.dlq`), { timeout: 60_000 }).toBe(1);
    const [[, fields] = ['', []]] = await client.xrange(`${topic}.g.dlq`, '-', '+');
    const message = fields[fields.indexOf('dlq-message') + 1] as string;
    expect(fields[fields.indexOf('dlq-code') + 1]).toBe('EVENTS_INCOMPATIBLE_SCHEMA');
    expect(message).toContain(fingerprint);
    expect(message).toMatch(/number/);
    consumer.stop();
    await running;
    other();
  });
});
