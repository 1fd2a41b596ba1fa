import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { deferred, snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  eventually,
  ITEM,
  itemFields,
  loggedLines,
  pendingOf,
  RunningConsumer,
  relay,
} from './redis-bench.test-support.js';

const redis = await redisOrReason({ own: true });
const restore = snapshotSignals();
afterAll(restore);
const [topic, groupId, id] = ['reused-ids', 'g', '1700000000000-0'];

describe.skipIf(redis.reason !== undefined)(
  redis.titled('after a failover to a Redis whose clock is behind'),
  () => {
    let servers: readonly [RedisServer, RedisServer];
    let clients: readonly [Redis, Redis];

    beforeAll(async () => {
      servers = [await redis.start(), await redis.start()];
      clients = [new Redis(servers[0].url), new Redis(servers[1].url)];
    });
    beforeEach(async () => {
      for (const client of clients) await client.flushall();
    });
    afterEach(() => restore());
    afterAll(async () => {
      for (const client of clients) client.disconnect();
      for (const server of servers) await server[Symbol.asyncDispose]();
    });

    /** A receiver that is busy with each number until it is finished. */
    const busyReceiver = () => {
      const started: number[] = [];
      const gates = [deferred(), deferred(), deferred()];
      const connection = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
        if (!fromEventBus) return;
        started.push(item.number);
        await gates[item.number]?.promise;
      });
      return {
        started,
        finish: (number: number) => gates[number]?.resolve(),
        [Symbol.dispose]: () => connection[Symbol.dispose](),
      };
    };
    const addItem = (client: Redis, number: number) => client.xadd(topic, id, ...itemFields(number).flat());
    const member = (url: string, consumerName: string) =>
      new RunningConsumer({ url, topics: [topic], groupId, consumerName, concurrency: 2, ackEvery: 1 });
    const failOver = async (address: Awaited<ReturnType<typeof relay>>) => {
      address.leadTo(servers[1]);
      await clients[0].call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    };

    it('an event under the id of one in flight is processed, and not acknowledged before', async () => {
      using _logged = loggedLines();
      using receiver = busyReceiver();
      await using address = await relay(servers[0]);
      await using _member = member(address.url, 'a');
      await addItem(clients[0], 1);
      await eventually(() => receiver.started).toEqual([1]);
      await addItem(clients[1], 2);
      await failOver(address);
      await eventually(() => pendingOf(clients[1], topic, groupId).catch(() => 0)).toBe(1);
      receiver.finish(1);
      await eventually(() => receiver.started).toEqual([1, 2]);
      expect(await pendingOf(clients[1], topic, groupId)).toBe(1);
      receiver.finish(2);
      await eventually(() => pendingOf(clients[1], topic, groupId)).toBe(0);
    });

    it('an event under that id, which another member processes, is not acknowledged by the one that had the id before', async () => {
      using logged = loggedLines();
      using receiver = busyReceiver();
      await using address = await relay(servers[0]);
      await using _before = member(address.url, 'a');
      await addItem(clients[0], 1);
      await eventually(() => receiver.started).toEqual([1]);
      await addItem(clients[1], 2);
      await using _after = member(servers[1].url, 'b');
      await eventually(() => receiver.started).toEqual([1, 2]);
      await failOver(address);
      receiver.finish(1);
      await eventually(() => logged.lines.join('\n')).toMatch(
        /another event has the id of one that was in flight/,
      );
      expect(await pendingOf(clients[1], topic, groupId)).toBe(1);
      receiver.finish(2);
      await eventually(() => pendingOf(clients[1], topic, groupId)).toBe(0);
    });
  },
);
