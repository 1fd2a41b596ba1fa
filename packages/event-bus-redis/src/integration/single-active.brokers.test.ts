import { redisOrReason, startFaultProxy } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import type { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import {
  eventually,
  ITEM,
  type RunningConsumer,
  receivedItems,
  sendItem,
} from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

describe.each([undefined, 'redis-6.2'] as const)('with edition %s', async (edition) => {
  const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });

  describe.skipIf(redis.reason !== undefined)(redis.titled('singleActive'), () => {
    const bench = new RedisTestServer(redis, 'single');
    let producer: RedisEventBusProducer;

    beforeAll(() => {
      producer = bench.produce();
    });
    afterAll(() => producer.close());

    const member = (options: Partial<RedisConsumerOptions> = {}) =>
      bench.consume({ singleActive: true, leaseMs: 600, batchSize: 7, ackEvery: 5, ...options });
    const sendMany = async (from: number, to: number) => {
      for (let number = from; number < to; number += 1) await sendItem(producer, bench.topic, number);
    };
    const holder = async () =>
      (await bench.client.get(`${bench.topic}.${bench.groupId}.lease`))?.split(' ')[0] ?? '';
    const firsts = (numbers: readonly number[]) => [...new Set(numbers)];
    const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

    it('reports a lease key that no member wrote, asks seldom, and goes on when it is gone', async () => {
      using received = receivedItems();
      const key = `${bench.topic}.${bench.groupId}.lease`;
      await sendItem(producer, bench.topic, 1);
      await bench.client.rpush(key, 'x');
      await using waiting = member();
      const { consumer } = waiting;
      await eventually(() => consumer.health().reasons.join()).toMatch(
        /lease key .* not written by a member/,
      );
      expect(consumer.health()).toMatchObject({ live: true, ready: false });
      await bench.client.set(key, 'x');
      await eventually(() => consumer.health().reasons.join()).toMatch(
        /lease key .* not written by a member/,
      );
      await bench.client.config('RESETSTAT');
      const startedAt = performance.now();
      const tries = async () =>
        Number(/cmdstat_set:calls=(\d+)/.exec(await bench.client.info('commandstats'))?.[1] ?? 0);
      await eventually(tries).toBeGreaterThanOrEqual(2);
      expect(performance.now() - startedAt).toBeGreaterThan(800);
      await bench.client.set(key, 'somebody 0e4cb0f2-95b5-4b5c-9d3f-0d8b8f3a6f10');
      await eventually(() => consumer.health().reasons.join()).toMatch(/lease key .* never expires/);
      expect(received.numbers).toEqual([]);
      await bench.client.del(key);
      await eventually(() => received.numbers).toEqual([1]);
      expect(consumer.health()).toMatchObject({ ready: true, reasons: [] });
    });

    it('loses a lease whose key becomes another type, and stays a member', async () => {
      using received = receivedItems();
      const key = `${bench.topic}.${bench.groupId}.lease`;
      await using holding = member();
      await sendItem(producer, bench.topic, 1);
      await eventually(() => received.numbers).toEqual([1]);
      await bench.client.multi().del(key).rpush(key, 'x').exec();
      await eventually(() => holding.consumer.health().reasons.join()).toMatch(/not written by a member/);
      await bench.client.del(key);
      await sendItem(producer, bench.topic, 2);
      await eventually(() => received.numbers).toEqual([1, 2]);
    });

    it('keeps the order of first processing and loses nothing while members crash, stop and join', async () => {
      using received = receivedItems();
      using _slow = ITEM.connect(({ fromEventBus }) =>
        fromEventBus ? new Promise<void>((resolve) => setImmediate(resolve)) : undefined,
      );
      const members = new Map<string, RunningConsumer>();
      const join = (name: string) => members.set(name, member({ consumerName: name }));
      for (const name of ['a', 'b', 'c']) join(name);
      let sent = 0;
      for (let round = 0; round < 6; round += 1) {
        const sending = sendMany(sent, sent + 200);
        sent += 200;
        await eventually(() => received.numbers.length).toBeGreaterThan(sent - 150);
        await eventually(async () => members.has(await holder())).toBe(true);
        const name = await holder();
        const active = members.get(name) as RunningConsumer;
        members.delete(name);
        if (round % 2 === 0) await active.consumer.crash();
        await active[Symbol.asyncDispose]();
        join(`${name}${round}`);
        await sending;
      }
      await eventually(() => firsts(received.numbers).length).toBe(sent);
      expect(firsts(received.numbers)).toEqual(upTo(sent));
      await Promise.all([...members.values()].map((one) => one[Symbol.asyncDispose]()));
      expect(await bench.pending()).toBe(0);
    }, 240_000);

    it('processes a retry topic by the member that holds the lease of its topic, and no other', async () => {
      using received = receivedItems();
      await using _one = member({ consumerName: 'a' });
      await using _other = member({ consumerName: 'b' });
      await using _third = member({ consumerName: 'c' });
      await sendItem(producer, bench.topic, 1);
      await eventually(() => received.numbers).toEqual([1]);
      const retry = `${bench.topic}.${bench.groupId}.retry`;
      const [[, fields = []] = []] = await bench.client.xrangeBuffer(bench.topic, '-', '+');
      const facts = ['dlq-source', `${bench.topic}@0-1`, 'dlq-group', bench.groupId];
      await bench.client.xadd(retry, '*', ...fields, ...facts);
      await eventually(() => received.numbers).toEqual([1, 1]);
      const retryHolder = await bench.client.get(`${retry}.${bench.groupId}.lease`);
      expect(retryHolder?.split(' ')[0]).toBe(await holder());
    });

    it('has standby members that report so, and one of them continues at once when the active member stops', async () => {
      const facts: TelemetryFact[] = [];
      using _settings = configureEvents({
        telemetry: { ...noTelemetry, record: (fact) => void facts.push(fact) },
      });
      using received = receivedItems();
      const leaseMs = 30_000;
      const first = member({ leaseMs, consumerName: 'first' });
      await eventually(holder).toBe('first');
      await using second = member({ leaseMs, consumerName: 'second' });
      await second.consumer.ready;
      await eventually(() => facts.filter(({ type }) => type === 'consumer.lease')).toEqual([
        { type: 'consumer.lease', lane: bench.topic, groupId: bench.groupId, isHeld: true },
        { type: 'consumer.lease', lane: bench.topic, groupId: bench.groupId, isHeld: false },
      ]);
      expect(second.consumer.health()).toEqual({ live: true, ready: true, reasons: [] });
      await sendMany(0, 20);
      await eventually(() => received.numbers.length).toBe(20);
      await first[Symbol.asyncDispose]();
      await eventually(holder).toBe('second'); // far sooner than the lease would end
      await sendMany(20, 40);
      await eventually(() => received.numbers).toEqual(upTo(40));
    });

    it('claims the entries of a member that died, once its lease has expired', async () => {
      using received = receivedItems();
      const dead = member({ consumerName: 'dead' });
      await eventually(holder).toBe('dead');
      await using _heir = member({ consumerName: 'heir' });
      await sendMany(0, 10);
      await eventually(() => received.numbers.length).toBe(10);
      await dead.consumer.crash();
      await eventually(holder).toBe('heir');
      await sendMany(10, 20);
      await eventually(() => firsts(received.numbers)).toEqual(upTo(20));
    });

    it('stops processing its events in flight when it is cut off, and receives nothing when it is back', async () => {
      await using proxy = await startFaultProxy({ target: bench.server });
      const processed: { readonly number: number; readonly by: string; readonly aborted: boolean }[] = [];
      const gates = new Map<string, () => void>();
      using _receiver = ITEM.connect(async ({ data: { item }, fromEventBus, delivery }) => {
        if (!fromEventBus) return;
        const by = await holder();
        if (item.number === 2 && !gates.has('open')) {
          await new Promise<void>((resolve) => gates.set('open', resolve));
          processed.push({ number: -1, by, aborted: delivery?.abortSignal.aborted === true });
          return;
        }
        processed.push({ number: item.number, by, aborted: false });
      });
      const url = `redis://${proxy.host}:${proxy.port}`;
      const cut = member({ url, consumerName: 'cut' });
      await eventually(holder).toBe('cut');
      await using _other = member({ consumerName: 'other' });
      await sendMany(0, 6);
      await eventually(() => gates.has('open')).toBe(true);
      proxy.stall();
      await eventually(() => processed.map(({ number }) => number)).toEqual([0, 1, ...firstAgain(processed)]);
      await eventually(() =>
        processed
          .filter(({ by }) => by === 'other')
          .map(({ number }) => number)
          .at(-1),
      ).toBe(5);
      gates.get('open')?.(); // the member that was cut off continues: it must abandon 3, 4 and 5
      await eventually(() => processed.some(({ number }) => number === -1)).toBe(true);
      proxy.heal();
      await sendMany(6, 12);
      await eventually(() => processed.at(-1)?.number).toBe(11);
      expect(processed.find(({ number }) => number === -1)?.aborted).toBe(true);
      const after = processed.slice(processed.findIndex(({ by }) => by === 'other'));
      expect(after.filter(({ number }) => number > 1).map(({ number }) => number)).toEqual([
        2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
      ]);
      expect(await holder()).toBe('other');
      await cut[Symbol.asyncDispose]();
    });
  });
});

/** What a new holder handles again: the numbers after the first two, as far as they came. */
function firstAgain(processed: readonly { readonly number: number }[]): readonly number[] {
  return processed.slice(2).map(({ number }) => number);
}
