import { redisOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import {
  add,
  eventually,
  itemFields,
  loggedLines,
  RunningConsumer,
  receivedItems,
  relay,
} from './redis-bench.test-support.js';

const redis = await redisOrReason({ own: true });
const restore = snapshotSignals();
afterAll(restore);

describe.skipIf(redis.reason !== undefined)(redis.titled('a server that is replaced'), () => {
  it.each([
    ['by one whose clock is behind', -600_000, false],
    ['by one whose clock is ahead', 600_000, false],
    ['by one whose clock is behind, with one active member', -600_000, true],
  ])('%s: no event is skipped', async (_how, clockDifferenceMs, singleActive) => {
    using logged = loggedLines();
    using received = receivedItems();
    await using before = await redis.start();
    await using after = await redis.start();
    await using address = await relay(before);
    const stream = 'replaced';
    const clients = [new Redis(before.url), new Redis(after.url)] as const;
    const now = Date.now();
    const send = (client: Redis, ms: number, number: number) =>
      client.xadd(stream, `${ms}-${number}`, ...itemFields(number).flat());
    try {
      await using member = new RunningConsumer({
        ...{ url: address.url, topics: [stream], groupId: 'g', startFrom: 'resume', singleActive },
        ...{ claimEveryMs: 50, leaseMs: 500, ackEvery: 1 },
      });
      await member.consumer.ready;
      for (let number = 1; number <= 5; number += 1) await send(clients[0], now, number);
      await eventually(() => received.numbers.length).toBe(5);
      // The new server gets events before the consumer has found it, and afterwards.
      for (let number = 6; number <= 10; number += 1) await send(clients[1], now + clockDifferenceMs, number);
      address.leadTo(after);
      await before.kill();
      await eventually(() => received.numbers.length).toBe(10);
      for (let number = 11; number <= 15; number += 1)
        await send(clients[1], now + clockDifferenceMs, number);
      await eventually(() => received.numbers.length).toBe(15);
      expect(received.numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
      expect(logged.lines.filter((line) => /created again/.test(line))).toHaveLength(1);
      expect(logged.lines.filter((line) => /was moved|trimmed/.test(line))).toEqual([]);
    } finally {
      for (const client of clients) client.disconnect();
    }
  });

  it('by itself with the group deleted: handled events are not delivered again, and later ones are not skipped', async () => {
    using received = receivedItems();
    await using server = await redis.start();
    const client = new Redis(server.url);
    const stream = 'kept';
    try {
      await using member = new RunningConsumer({
        ...{ url: server.url, topics: [stream], groupId: 'g', ackEvery: 1 },
      });
      await member.consumer.ready;
      for (let number = 1; number <= 5; number += 1) await add(client, stream, itemFields(number));
      await eventually(() => received.numbers.length).toBe(5);
      await eventually(async () => ((await client.xpending(stream, 'g')) as [number])[0]).toBe(0);
      await client.xgroup('DESTROY', stream, 'g');
      for (let number = 6; number <= 10; number += 1) await add(client, stream, itemFields(number));
      await eventually(() => received.numbers.length).toBe(10);
      expect(received.numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    } finally {
      client.disconnect();
    }
  });
});
