import { redisOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import {
  add,
  eventually,
  itemFields,
  loggedLines,
  pendingOf,
  RunningConsumer,
  receivedItems,
  relay,
} from './redis-bench.test-support.js';
import { StartedRedis } from './started-redis.test-support.js';

/** Runs of each test: `REDIS_REPLACEMENTS=34` for a hundred replaced servers. */
const runs = Number(process.env.REDIS_REPLACEMENTS ?? 1);
const redis = await redisOrReason({ own: true });
const restore = snapshotSignals();
afterAll(restore);

describe.skipIf(redis.reason !== undefined)(redis.titled('a server that is replaced'), () => {
  it.each([
    ['by one whose clock is behind', -600_000, false],
    ['by one whose clock is ahead', 600_000, false],
    ['by one whose clock is behind, with one active member', -600_000, true],
  ])(
    '%s: no event is skipped',
    { repeats: runs - 1, timeout: 30_000 * runs },
    async (_how, clockDifferenceMs, singleActive) => {
      using logged = loggedLines();
      using received = receivedItems();
      await using before = await StartedRedis.start(redis);
      await using after = await StartedRedis.start(redis);
      await using address = await relay(before.server);
      const stream = 'replaced';
      const now = Date.now();
      const send = (client: Redis, ms: number, number: number) =>
        client.xadd(stream, `${ms}-${number}`, ...itemFields(number).flat());
      await using member = new RunningConsumer({
        ...{ url: address.url, topics: [stream], groupId: 'g', startFrom: 'resume', singleActive },
        ...{ claimEveryMs: 50, leaseMs: 500, ackEvery: 1 },
      });
      await member.consumer.ready;
      for (let number = 1; number <= 5; number += 1) await send(before.client, now, number);
      await eventually(() => received.numbers.length).toBe(5);
      // The new server gets events before the consumer has found it, and afterwards.
      for (let number = 6; number <= 10; number += 1)
        await send(after.client, now + clockDifferenceMs, number);
      address.leadTo(after.server);
      await before.server.kill();
      await eventually(() => received.numbers.length).toBe(10);
      for (let number = 11; number <= 15; number += 1)
        await send(after.client, now + clockDifferenceMs, number);
      await eventually(() => received.numbers.length).toBe(15);
      expect(received.numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
      expect(logged.lines.filter((line) => /created again/.test(line))).toHaveLength(1);
      expect(logged.lines.filter((line) => /was moved|trimmed/.test(line))).toEqual([]);
    },
  );

  it('by itself with the group deleted: handled events are not delivered again, and later ones are not skipped', async () => {
    using received = receivedItems();
    await using own = await StartedRedis.start(redis);
    const stream = 'kept';
    await using member = new RunningConsumer({
      ...{ url: own.server.url, topics: [stream], groupId: 'g', ackEvery: 1 },
    });
    await member.consumer.ready;
    for (let number = 1; number <= 5; number += 1) await add(own.client, stream, itemFields(number));
    await eventually(() => received.numbers.length).toBe(5);
    await eventually(() => pendingOf(own.client, stream, 'g')).toBe(0);
    await own.client.xgroup('DESTROY', stream, 'g');
    for (let number = 6; number <= 10; number += 1) await add(own.client, stream, itemFields(number));
    await eventually(() => received.numbers.length).toBe(10);
    expect(received.numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
