import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import {
  eventually,
  loggedLines,
  RunningConsumer,
  receivedItems,
  sendItem,
} from './redis-bench.test-support.js';

const restore = snapshotSignals();
afterAll(restore);
const MAX_LENGTH = 50;

describe.each([undefined, 'redis-6.2', 'redis-8.2', 'valkey-9'] as const)(
  'with edition %s',
  async (edition) => {
    const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });

    describe.skipIf(redis.reason !== undefined)(redis.titled("trim: 'acknowledged'"), () => {
      let server: RedisServer;
      let client: Redis;
      let topic = '';
      let tests = 0;
      let number = 0;

      beforeAll(async () => {
        server = await redis.start();
        client = new Redis(server.url);
        await client.config('SET', 'stream-node-max-entries', '10');
      });
      afterAll(async () => {
        client.disconnect();
        await server[Symbol.asyncDispose]();
      });
      beforeEach(() => {
        tests += 1;
        number = 0;
        topic = `acknowledged-${process.pid}-${tests}`;
      });

      const produce = (options: object = {}) =>
        new RedisEventBusProducer({
          ...{ url: server.url, trim: 'acknowledged', streamMaxLength: MAX_LENGTH, trimEveryMs: 1 },
          ...options,
        });
      const sendMany = async (producer: RedisEventBusProducer, count: number) => {
        await Promise.all(Array.from({ length: count }, () => sendItem(producer, topic, number++)));
      };
      const lengthNow = () => client.xlen(topic);
      /** Sends until the stream has become as short as it does. */
      const settled = async (producer: RedisEventBusProducer) => {
        await eventually(async () => {
          await sendMany(producer, 1);
          return lengthNow();
        }).toBeLessThanOrEqual(MAX_LENGTH + 10);
      };
      const oldest = async () => (await client.xrange(topic, '-', '+', 'COUNT', 1))[0]?.[0];

      it('keeps what a group has not read, warns beyond the length, and trims once it is acknowledged', async () => {
        using logged = loggedLines();
        using received = receivedItems();
        await client.xgroup('CREATE', topic, 'slow', '0', 'MKSTREAM');
        await client.xgroup('CREATE', topic, 'fast', '$');
        await using producer = produce();
        await sendMany(producer, 400);
        await client.xreadgroup('GROUP', 'fast', 'x', 'COUNT', 400, 'NOACK', 'STREAMS', topic, '>');
        await eventually(async () => {
          await sendMany(producer, 1);
          return logged.lines.filter((line) => /grows beyond streamMaxLength/.test(line)).length;
        }).toBe(1);
        expect(logged.lines.join()).toMatch(/"groupId":"slow"/);
        expect(await lengthNow()).toBe(number);

        await using _slow = new RunningConsumer({ url: server.url, topics: [topic], groupId: 'slow' });
        await eventually(() => received.numbers.length).toBeGreaterThanOrEqual(400);
        await client.xgroup('DESTROY', topic, 'fast');
        await settled(producer);
        expect(await lengthNow()).toBeGreaterThanOrEqual(MAX_LENGTH - 10);
        await eventually(() => logged.lines.join()).toMatch(/within streamMaxLength again/);
        await eventually(() => new Set(received.numbers).size).toBe(number);
      });

      it('keeps what was delivered and not acknowledged', async () => {
        await client.xgroup('CREATE', topic, 'g', '0', 'MKSTREAM');
        await using producer = produce();
        await sendMany(producer, 120);
        await client.xreadgroup('GROUP', 'g', 'x', 'STREAMS', topic, '>');
        const ids = (await client.xrange(topic, '-', '+')).map(([id]) => id);
        const [first = '', ...others] = ids;
        await client.xack(topic, 'g', ...others);
        await sendMany(producer, 120);
        let unread = 120;
        // Redis 8.2 can trim what is acknowledged behind a pending entry: the unread ones are left, the pending one, and the
        // one read last. A trim that is under way skips the next one, so this sends until the length is seen.
        await eventually(async () => {
          await sendMany(producer, 1);
          unread += 1;
          return (await lengthNow()) - unread;
        }).toBe(edition === 'redis-8.2' ? 2 : 120);
        expect(await oldest()).toBe(first);
        await client.xack(topic, 'g', first);
        await eventually(async () => {
          await sendMany(producer, 1);
          return (await oldest()) === first;
        }).toBe(false);
        // What came after the first 120 was not read.
        await eventually(lengthNow).toBeGreaterThanOrEqual(121);
      });

      it('trims a stream without groups to its length', async () => {
        await using producer = produce();
        await sendMany(producer, 200);
        await settled(producer);
      });

      it('logs that it cannot trim when the user lacks permissions, and continues to send', async () => {
        using logged = loggedLines();
        await client.call('ACL', 'SETUSER', 'writer', 'on', '>secret', '~*', '+@all', '-xtrim');
        const url = server.url.replace('redis://', 'redis://writer:secret@');
        await using producer = produce({ url });
        await sendMany(producer, 100);
        await eventually(async () => {
          await sendMany(producer, 1);
          return logged.lines.filter((line) => /no longer trimmed/.test(line)).length;
        }).toBe(1);
      });
    });
  },
);
