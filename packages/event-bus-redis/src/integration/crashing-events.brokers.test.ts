import { redisOrReason } from '@openedx-ts/brokers';
import { deferred, systemClock } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import type { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { entriesOf, eventually, ITEM, pendingOf, sendItem, textOf } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

describe.each([
  { edition: undefined, singleActive: false },
  { edition: undefined, singleActive: true },
  { edition: 'redis-6.2', singleActive: false },
] as const)('with $edition and singleActive $singleActive', async ({ edition, singleActive }) => {
  const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });

  describe.skipIf(redis.reason !== undefined)(redis.titled('events that end the process, on Redis'), () => {
    const bench = new RedisTestServer(redis, 'crash');
    let producer: RedisEventBusProducer;
    let topics: readonly [string, string] = ['', ''];

    beforeAll(() => {
      producer = bench.produce();
    });
    afterAll(() => producer.close());
    beforeEach(() => {
      topics = [`${bench.topic}-a`, `${bench.topic}-b`];
    });

    const member = (options: Partial<RedisConsumerOptions> = {}) =>
      bench.consume({
        ...{ topics, singleActive, leaseMs: 300, batchSize: 3 },
        ...{ claimIdleMs: 1, claimEveryMs: 20, drainTimeoutMs: 20, maxDeliveries: 3 },
        ...options,
      });
    const deadLetters = async () =>
      (
        await Promise.all(topics.map((topic) => entriesOf(bench.client, `${topic}.${bench.groupId}.dlq`)))
      ).flat();
    const counts = async (topic: string) =>
      (
        (await bench.client.xpending(topic, bench.groupId, '-', '+', 100)) as [
          string,
          string,
          number,
          number,
        ][]
      ).map(([, , , count]) => count);

    it('dead-letters the event that ends it, and none that was claimed in the same page or in flight at the same time', async () => {
      // The one that kills is neither the first of its stream nor of its page; those of the other stream are slow.
      for (let number = 0; number < 10; number += 1) {
        await sendItem(producer, topics[0], number);
        await sendItem(producer, topics[1], number + 100);
      }
      const arrived = new Set<number>();
      let [tries, die] = [0, () => {}];
      using _ = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
        if (!fromEventBus) return;
        if (item.number === 4) {
          tries += 1;
          await systemClock.sleep(10); // others are claimed concurrently
          die();
          await new Promise(() => {});
        }
        if (item.number >= 100) await systemClock.sleep(5);
        arrived.add(item.number);
      });
      const isOver = async () => {
        const left = await Promise.all(topics.map((topic) => pendingOf(bench.client, topic, bench.groupId)));
        return arrived.size === 19 && left.every((count) => count === 0);
      };
      for (let life = 1; life <= 3; life += 1) {
        const dying = deferred();
        die = dying.resolve;
        await using dead = member();
        await dying.promise;
        await dead.consumer.crash();
      }
      await using _heir = member();
      await eventually(isOver).toBe(true);
      expect(tries).toBe(3);
      const written = await deadLetters();
      expect(written.map((deadLetter) => textOf(deadLetter, 'dlq-code'))).toEqual(['EVENTS_CRASHING_EVENT']);
    }, 240_000);

    it('counts no graceful stop, however many events are in flight', async () => {
      for (let number = 0; number < 7; number += 1) await sendItem(producer, topics[0], number);
      let [started, isHeld] = [0, true];
      const arrived = new Set<number>();
      using _ = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
        if (!fromEventBus) return;
        started += 1;
        if (isHeld) await new Promise(() => {});
        arrived.add(item.number);
      });
      for (let round = 1; round <= 5; round += 1) {
        await using stopped = member();
        await eventually(() => started).toBe(round);
        await stopped.consumer.close();
        expect(new Set(await counts(topics[0]))).toEqual(new Set([0]));
      }
      isHeld = false;
      await using _heir = member();
      await eventually(() => arrived.size).toBe(7);
      expect(await deadLetters()).toEqual([]);
    }, 240_000);

    it('counts no connection that breaks while an event is in flight', async () => {
      await sendItem(producer, topics[0], 1);
      const { promise, resolve: release } = deferred();
      let started = 0;
      using _ = ITEM.connect(async ({ fromEventBus }) => {
        if (!fromEventBus) return;
        started += 1;
        await promise;
      });
      await using _holder = member({ leaseMs: 30_000 });
      await eventually(() => started).toBe(1);
      for (let round = 0; round < 4; round += 1) {
        await bench.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        const names = async () =>
          String(await bench.client.call('CLIENT', 'LIST')).match(/openedx-events-reader/g);
        await eventually(async () => (await names())?.length).toBe(1);
      }
      expect(await counts(topics[0])).toEqual([1]);
      release();
      await eventually(() => pendingOf(bench.client, topics[0], bench.groupId)).toBe(0);
      expect(started).toBe(1);
    }, 240_000);
  });
});
