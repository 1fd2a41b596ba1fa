import { inspect } from 'node:util';
import { redisOrReason } from '@openedx-ts/brokers';
import type { Message } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import {
  add,
  eventually,
  itemFields,
  pendingOf,
  receivedItems,
  replaced,
  sendItem,
} from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason({ appendonly: 'no' });
const poison = replaced(itemFields(0), 'event_data', 'x');

describe.skipIf(redis.reason !== undefined)(redis.titled('a Redis that refuses'), () => {
  const bench = new RedisTestServer(redis, 'refuses');

  describe('because a key is of another type', () => {
    it('for a topic: fails the send, without the payload in the error', async () => {
      await bench.client.set(bench.topic, 'no stream');
      await using producer = bench.produce();
      const error = await sendItem(producer, bench.topic, 1, 'hunter2').catch((error: unknown) => error);
      expect(error).toMatchObject({
        code: 'EVENTS_PRODUCE_FAILED',
        retryable: false,
        fault: 'bus',
        message: expect.stringMatching(
          new RegExp(`XADD of ${bench.topic}: WRONGTYPE .*another topic or prefix`),
        ),
      });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/hunter2/);
    });

    it('for the schemas: events that name no schema are processed, the others wait, and none is dead-lettered', async () => {
      using received = receivedItems();
      const topicPrefix = `typed-${process.pid}`;
      const stream = `${topicPrefix}-${bench.topic}`;
      const hash = `${topicPrefix}-openedx-events-schemas`;
      await bench.client.set(hash, 'no hash');
      await using consumer = bench.consume({ topicPrefix });
      await add(bench.client, stream, itemFields(1));
      await eventually(() => received.numbers).toEqual([1]);
      await add(bench.client, stream, [...itemFields(2), ['schema_fp', 'a'.repeat(64)]]);
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(
        /HSTRLEN of typed-\d+-openedx-events-schemas: WRONGTYPE .*\(the key is no hash/,
      );
      await using producer = bench.produce({ topicPrefix });
      await expect(sendItem(producer, bench.topic, 1)).rejects.toThrow(/HSETNX of typed-.*WRONGTYPE/);
      expect(consumer.failure).toBeUndefined();
      expect(await bench.client.exists(`${stream}.g.dlq`)).toBe(0);
    });
  });

  it('because an event is too large: fails that event before it is sent, later ones of its key in order, and no other', async () => {
    await using producer = bench.produce({ maxMessageBytes: 10_000 });
    const large = 'x'.repeat(20_000);
    const sent = await Promise.allSettled([
      sendItem(producer, bench.topic, 1),
      sendItem(producer, bench.topic, 2, large),
      sendItem(producer, bench.topic, 3),
    ]);
    expect(sent).toMatchObject([
      { status: 'fulfilled' },
      {
        reason: {
          isTooLarge: true,
          fault: 'event',
          message: expect.stringContaining('maxMessageBytes is 10000'),
        },
      },
      { status: 'fulfilled' },
    ]);
    const message = (name: string): Message => ({
      ...{ topic: bench.topic, key: Buffer.from('k'), headers: [] },
      value: Buffer.from(name),
    });
    const results = await producer.publishMessages([message('4'), message(large), message('5')], {
      inOrder: true,
    });
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { reason: { fault: 'event' } },
      { reason: { code: 'EVENTS_EARLIER_EVENT_FAILED' } },
    ]);
    expect(await bench.client.xlen(bench.topic)).toBe(3);
  });

  describe('because its memory is full', () => {
    const fill = () => bench.client.config('SET', 'maxmemory', '1');
    const relieve = () => bench.client.config('SET', 'maxmemory', '0');

    it('fails a send after its timeout, and accepts events again when there is memory', async () => {
      await using patient = bench.produce();
      await sendItem(patient, bench.topic, 1);
      await fill();
      try {
        await using hasty = bench.produce({ deliveryTimeoutMs: 200 });
        await expect(sendItem(hasty, bench.topic, 2)).rejects.toMatchObject({
          code: 'EVENTS_PRODUCE_FAILED',
          retryable: true,
          fault: 'bus',
          message: expect.stringMatching(/OOM .*raise maxmemory or trim streams/),
        });
        const late = sendItem(patient, bench.topic, 3);
        await eventually(() => patient.health().reasons.join()).toMatch(/OOM/);
        await relieve();
        await late;
        expect(patient.health().ready).toBe(true);
      } finally {
        await relieve();
      }
      expect(await bench.client.xlen(bench.topic)).toBe(2);
    });

    it('writes no event of a key when it refuses one of them, and names the reason for each', async () => {
      await using producer = bench.produce({ deliveryTimeoutMs: 200 });
      await sendItem(producer, bench.topic, 1);
      await fill();
      try {
        const sent = await Promise.allSettled(
          [2, 3, 4].map((number) => sendItem(producer, bench.topic, number)),
        );
        const refused = { reason: { fault: 'bus', message: expect.stringMatching(/OOM .*raise maxmemory/) } };
        expect(sent).toMatchObject([refused, refused, refused]);
      } finally {
        await relieve();
      }
      expect(await bench.client.xlen(bench.topic)).toBe(1);
    });

    it('makes a consumer retry its dead letter, acknowledge nothing, and then continue', async () => {
      using received = receivedItems();
      await using consumer = bench.consume();
      await consumer.consumer.ready;
      await add(bench.client, bench.topic, poison);
      await add(bench.client, bench.topic, itemFields(2));
      await eventually(() => received.numbers).toEqual([2]);
      await eventually(bench.pending).toBe(0);
      await bench.client
        .multi()
        .xadd(bench.topic, '*', ...poison.flat())
        .xadd(bench.topic, '*', ...itemFields(3).flat())
        .config('SET', 'maxmemory', '1')
        .exec();
      try {
        await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/waits: .*OOM/);
        expect(await bench.pending()).toBe(2);
        expect(received.numbers).toEqual([2]);
      } finally {
        await relieve();
      }
      await eventually(() => received.numbers).toEqual([2, 3]);
      await eventually(bench.pending).toBe(0);
      expect(await bench.deadLetters()).toHaveLength(2);
      expect(consumer.consumer.health().ready).toBe(true);
    });
  });

  it('because its disk is full: producer and consumer wait, report it, and continue when it is repaired', async () => {
    using received = receivedItems();
    await using broken = await redis.start({ config: [`dir ${unwritable}`, 'save 3600 100000'] });
    const other = new Redis(broken.url);
    try {
      await using consumer = bench.consume({ url: broken.url });
      await using producer = bench.produce({ url: broken.url });
      await sendItem(producer, bench.topic, 1);
      await eventually(() => received.numbers).toEqual([1]);
      await eventually(() => pendingOf(other, bench.topic, bench.groupId)).toBe(0);
      await other.bgsave().catch(() => {});
      await eventually(() => other.info('persistence')).toMatch(/rdb_last_bgsave_status:err/);
      const late = sendItem(producer, bench.topic, 2);
      await eventually(() => producer.health().reasons.join()).toMatch(/MISCONF .*disk is full or broken/);
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/MISCONF/);
      expect(consumer.consumer.health()).toMatchObject({ live: true, ready: false });
      await other.config('SET', 'stop-writes-on-bgsave-error', 'no');
      await late;
      await eventually(() => received.numbers).toEqual([1, 2]);
      await eventually(() => pendingOf(other, bench.topic, bench.groupId)).toBe(0);
      expect(consumer.consumer.health().ready).toBe(true);
    } finally {
      other.disconnect();
    }
  });
});

/** No file can be made there, not even by root. */
const unwritable = process.platform === 'linux' ? '/proc' : '/dev';
