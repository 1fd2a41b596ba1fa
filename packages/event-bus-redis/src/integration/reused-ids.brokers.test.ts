import { redisOrReason } from '@openedx-ts/brokers';
import { deferred, snapshotSignals } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  eventually,
  ITEM,
  itemFields,
  loggedLines,
  pendingOf,
  RunningConsumer,
  relay,
} from './redis-bench.test-support.js';
import { StartedRedis } from './started-redis.test-support.js';

const redis = await redisOrReason({ own: true });
const restore = snapshotSignals();
afterAll(restore);
const [topic, groupId, id] = ['reused-ids', 'g', '1700000000000-0'];

describe.skipIf(redis.reason !== undefined)(
  redis.titled('after a failover to a Redis whose clock is behind'),
  () => {
    afterEach(() => restore());

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
    /** The server before the failover, the one after it, and an address that leads to the current one. */
    const twoServers = async () => {
      const [before, after] = [await StartedRedis.start(redis), await StartedRedis.start(redis)];
      const address = await relay(before.server);
      return {
        ...{ before: before.client, after: after.client, afterUrl: after.server.url, url: address.url },
        failOver: async () => {
          address.leadTo(after.server);
          await before.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        },
        [Symbol.asyncDispose]: async () => {
          for (const one of [address, before, after]) await one[Symbol.asyncDispose]();
        },
      };
    };

    it('an event under the id of one in flight is processed, and not acknowledged before', async () => {
      using _logged = loggedLines();
      using receiver = busyReceiver();
      await using redises = await twoServers();
      await using _member = member(redises.url, 'a');
      await addItem(redises.before, 1);
      await eventually(() => receiver.started).toEqual([1]);
      await addItem(redises.after, 2);
      await redises.failOver();
      await eventually(() => pendingOf(redises.after, topic, groupId).catch(() => 0)).toBe(1);
      receiver.finish(1);
      await eventually(() => receiver.started).toEqual([1, 2]);
      expect(await pendingOf(redises.after, topic, groupId)).toBe(1);
      receiver.finish(2);
      await eventually(() => pendingOf(redises.after, topic, groupId)).toBe(0);
    });

    it('an event under that id, which another member processes, is not acknowledged by the one that had the id before', async () => {
      using logged = loggedLines();
      using receiver = busyReceiver();
      await using redises = await twoServers();
      await using _before = member(redises.url, 'a');
      await addItem(redises.before, 1);
      await eventually(() => receiver.started).toEqual([1]);
      await addItem(redises.after, 2);
      await using _after = member(redises.afterUrl, 'b');
      await eventually(() => receiver.started).toEqual([1, 2]);
      await redises.failOver();
      receiver.finish(1);
      await eventually(() => logged.lines.join('\n')).toMatch(
        /another event has the id of one that was in flight/,
      );
      expect(await pendingOf(redises.after, topic, groupId)).toBe(1);
      receiver.finish(2);
      await eventually(() => pendingOf(redises.after, topic, groupId)).toBe(0);
    });
  },
);
