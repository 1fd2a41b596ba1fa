import { redisOrReason } from '@openedx-ts/brokers';
import { deferred } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import { add, eventually, ITEM, itemFields, loggedLines, receivedItems } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

describe.each([undefined, 'valkey-9'] as const)('with edition %s', async (edition) => {
  const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });

  describe.skipIf(redis.reason !== undefined)(redis.titled('the members of a Redis group'), () => {
    const bench = new RedisTestServer(redis, 'members');

    const member = (options: Partial<RedisConsumerOptions> = {}) => bench.consume(options);
    const names = async () =>
      ((await bench.client.xinfo('CONSUMERS', bench.topic, bench.groupId)) as unknown[][]).map(
        ([, name]) => name,
      );
    const namesake =
      /warn another process seems to consume with the same consumerName .*"consumerName":"same"/;

    it('warns at the start of a second process with the same consumerName, and only once', async () => {
      using logged = loggedLines();
      using received = receivedItems();
      await using _first = member({ consumerName: 'same' });
      // Before Redis 7.2 only a member that receives entries is seen to live.
      let isOver = false;
      const events = (async () => {
        while (!isOver) {
          const count = received.numbers.length;
          await add(bench.client, bench.topic, itemFields(0));
          await eventually(() => received.numbers.length).toBeGreaterThan(count);
        }
      })();
      await eventually(() => received.numbers.length).toBeGreaterThan(0);
      await using _second = member({ consumerName: 'same' });
      await eventually(() => logged.lines.join('\n')).toMatch(namesake);
      isOver = true;
      await events;
      expect(logged.lines.filter((line) => line.startsWith('warn another process'))).toHaveLength(1);
    });

    it('warns when events in flight were acknowledged by another process with the same consumerName', async () => {
      using logged = loggedLines();
      const gate = deferred();
      let started = 0;
      using _receiver = ITEM.connect(async ({ fromEventBus }) => {
        if (!fromEventBus) return;
        started += 1;
        await gate.promise;
      });
      await add(bench.client, bench.topic, itemFields(1));
      await using _first = member({ consumerName: 'same' });
      await eventually(() => started).toBe(1);
      await using _second = member({ consumerName: 'same' }); // takes what is pending for the name
      await eventually(() => started).toBe(2);
      gate.resolve();
      await eventually(() => logged.lines.join('\n')).toMatch(namesake);
    });

    it('does not warn when the process before with that consumerName has crashed or stopped just now', async () => {
      using logged = loggedLines();
      using received = receivedItems();
      for (const end of ['crash', 'close', 'none'] as const) {
        await using before = member({ consumerName: 'same' });
        await add(bench.client, bench.topic, itemFields(received.numbers.length));
        const count = received.numbers.length;
        await eventually(() => received.numbers.length).toBeGreaterThan(count);
        if (end === 'crash') await before.consumer.crash();
      }
      await eventually(bench.pending).toBe(0);
      expect(logged.lines.join('\n')).not.toMatch(/another process/);
    });

    it.each([
      ['were trimmed', () => bench.client.xtrim(bench.topic, 'MAXLEN', 0)],
      ['are gone with all data', () => bench.client.flushall()],
      ['were moved away with their stream', () => bench.client.rename(bench.topic, `${bench.topic}-old`)],
    ])('does not warn when events in flight %s', async (_what, lose) => {
      using logged = loggedLines();
      const gate = deferred();
      const [started, ended]: [number[], number[]] = [[], []];
      using _receiver = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
        if (!fromEventBus) return;
        started.push(item.number);
        if (item.number === 1) await gate.promise;
        ended.push(item.number);
      });
      await add(bench.client, bench.topic, itemFields(1));
      const often = { claimEveryMs: 10, claimIdleMs: 60_000 };
      await using _member = member({ consumerName: 'same', ackEvery: 1, ...often });
      await eventually(() => started).toEqual([1]);
      await lose();
      // Redis forgets a trimmed entry when its idle time is reset.
      await eventually(() => bench.pending().catch(() => 0)).toBe(0);
      gate.resolve();
      await eventually(() => ended).toEqual([1]);
      await add(bench.client, bench.topic, itemFields(2));
      await eventually(() => ended).toEqual([1, 2]);
      expect(logged.lines.join('\n')).not.toMatch(/another process/);
    });

    if (edition !== undefined)
      it('are removed when their processes have crashed, once nothing is pending for them', async () => {
        using received = receivedItems();
        const crashed = ['a', 'b', 'c'];
        for (const [index, consumerName] of crashed.entries()) {
          await add(bench.client, bench.topic, itemFields(index));
          const one = member({ consumerName, claimIdleMs: 60_000 });
          await eventually(() => received.numbers.includes(index)).toBe(true);
          await one.consumer.crash();
          await one[Symbol.asyncDispose]();
        }
        expect(await names()).toEqual(crashed);
        await using _alive = member({
          consumerName: 'alive',
          blockMs: 10,
          claimIdleMs: 20,
          claimEveryMs: 20,
        });
        await eventually(names).toEqual(['alive']);
        expect(await bench.pending()).toBe(0);
      });
  });
});
