import { redisOrReason } from '@openedx-ts/brokers';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { eventually, loggedLines, receivedItems, relay, sendItem } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason({ own: true });
/** A primary that is not there: the server becomes a replica that takes no writes. */
const nowhere = ['127.0.0.1', '1'] as const;

describe.skipIf(redis.reason !== undefined)(redis.titled('a Redis that changes under a consumer'), () => {
  const bench = new RedisTestServer(redis, 'changes');

  it('becomes a replica: producer and consumer wait and report it; when it is the primary again, both continue', async () => {
    using received = receivedItems();
    await using consumer = bench.consume({ blockMs: 1_000 });
    await using producer = bench.produce();
    await consumer.consumer.ready;
    await bench.client.replicaof(...nowhere);
    try {
      const late = sendItem(producer, bench.topic, 1);
      await eventually(() => producer.health().reasons.join()).toMatch(/READONLY .*replica/);
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/READONLY/);
      expect(consumer.consumer.health().live).toBe(true);
      await bench.client.replicaof('NO', 'ONE');
      await late;
    } finally {
      await bench.client.replicaof('NO', 'ONE');
    }
    await eventually(() => received.numbers).toEqual([1]);
    await eventually(bench.pending).toBe(0);
  });

  it('becomes a replica behind an address that now leads to another server: that server is used', async () => {
    using received = receivedItems();
    await using other = await redis.start();
    await using address = await relay(bench.server);
    await using consumer = bench.consume({ url: address.url });
    await using producer = bench.produce({ url: address.url });
    await consumer.consumer.ready;
    await sendItem(producer, bench.topic, 1);
    await eventually(() => received.numbers).toEqual([1]);
    address.leadTo(other);
    await bench.client.replicaof(...nowhere);
    try {
      await sendItem(producer, bench.topic, 2);
      await eventually(() => received.numbers).toEqual([1, 2]);
    } finally {
      await bench.client.replicaof('NO', 'ONE');
    }
  });

  it('starts again without its data: events sent before the consumer reconnects are not skipped', async () => {
    using received = receivedItems();
    using logged = loggedLines();
    await using fresh = await redis.start();
    await using consumer = bench.consume({ url: fresh.url, initialBackoffMs: 1_000, maxBackoffMs: 1_000 });
    await consumer.consumer.ready;
    await fresh.kill();
    await fresh.start();
    await using producer = bench.produce({ url: fresh.url });
    await sendItem(producer, bench.topic, 1);
    await eventually(() => received.numbers).toEqual([1]);
    expect(logged.lines.join('\n')).toMatch(/error the group did not exist any more and was created again/);
  });

  it.each([
    ['loses the stream', () => bench.client.del(bench.topic)],
    ['loses the group', () => bench.client.xgroup('DESTROY', bench.topic, bench.groupId)],
    ['loses everything', () => bench.client.flushall()],
  ])('%s: the group is made again, loudly, and nothing that is sent later is missed', async (_what, lose) => {
    using received = receivedItems();
    using logged = loggedLines();
    await using producer = bench.produce();
    await using consumer = bench.consume({ blockMs: 500 });
    await consumer.consumer.ready;
    await sendItem(producer, bench.topic, 1);
    await eventually(() => received.numbers).toEqual([1]);
    await eventually(bench.pending).toBe(0);
    await lose();
    await sendItem(producer, bench.topic, 2);
    await eventually(() => received.numbers).toEqual([1, 2]);
    await eventually(bench.pending).toBe(0);
    expect(logged.lines.join('\n')).toMatch(/error the group did not exist any more and was created again/);
    expect(consumer.consumer.health().ready).toBe(true);
  });

  it('loads its data: producer and consumer wait until it is ready, and report it', async () => {
    using received = receivedItems();
    await using slow = await redis.start({ appendonly: 'everysec', config: ['key-load-delay 1000'] });
    const other = new Redis(slow.url);
    other.on('error', () => {});
    for (let page = 0; page < 3; page += 1) {
      const pipeline = other.pipeline();
      for (let index = 0; index < 1_000; index += 1) pipeline.set(`key-${page}-${index}`, 'x'.repeat(100));
      await pipeline.exec();
    }
    other.disconnect();
    await slow.stop();
    const started = slow.start();
    await using consumer = bench.consume({ url: slow.url });
    await using producer = bench.produce({ url: slow.url });
    const sent = sendItem(producer, bench.topic, 1);
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/LOADING/);
    await Promise.all([started, sent]);
    await eventually(() => consumer.consumer.health().ready).toBe(true);
    await sendItem(producer, bench.topic, 2);
    await eventually(() => received.numbers).toContain(2);
  });
});
