import { redisOrReason } from '@openedx-ts/brokers';
import { deferred } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { eventually, ITEM, pendingOf, sendItem } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason();
const EVENTS = 60;
const KILOBYTES_100 = 'x'.repeat(100_000);

describe.skipIf(redis.reason !== undefined)(redis.titled('the bytes that a member buffers'), () => {
  const bench = new RedisTestServer(redis, 'bytes');

  it.each([{ singleActive: false }, { singleActive: true }])(
    'are about maxBufferedBytes, however many events that is: %j',
    async (options) => {
      await using producer = bench.produce();
      for (let number = 1; number <= EVENTS; number += 1)
        await sendItem(producer, bench.topic, number, KILOBYTES_100);
      const [held, release] = [deferred(), deferred()];
      const received = new Set<number>();
      using _receiver = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
        if (!fromEventBus) return;
        received.add(item.number);
        if (item.number !== 30) return;
        held.resolve();
        await release.promise;
      });
      await using member = bench.consume({ maxBufferedBytes: 1_000_000, ackEvery: 1, ...options });
      await held.promise;
      const bytesIn = () =>
        (member.consumer as unknown as { bytesIn(lane: string): number }).bytesIn(bench.topic);
      await eventually(bytesIn).toBeGreaterThanOrEqual(1_000_000);
      expect(bytesIn()).toBeLessThan(1_300_000); // a reply of a quarter more
      expect(await pendingOf(bench.client, bench.topic, bench.groupId)).toBeLessThan(14);
      release.resolve();
      await eventually(() => received.size).toBe(EVENTS);
    },
  );

  it('let an event through that is larger than maxBufferedBytes', async () => {
    await using producer = bench.produce();
    for (const number of [1, 2, 3]) await sendItem(producer, bench.topic, number, KILOBYTES_100);
    const received: number[] = [];
    using _receiver = ITEM.connect(({ data: { item }, fromEventBus }) => {
      if (fromEventBus) received.push(item.number);
    });
    await using _member = bench.consume({ maxBufferedBytes: 1_000 });
    await eventually(() => received).toEqual([1, 2, 3]);
  });
});
