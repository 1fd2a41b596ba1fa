import { redisOrReason } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import { add, eventually, ITEM, itemFields, pendingOf, receivedItems } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

describe.each([undefined, 'redis-6.2', 'redis-8.2', 'valkey-9'] as const)(
  'with edition %s',
  async (edition) => {
    const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });
    const counts = edition !== 'redis-6.2';

    describe.skipIf(redis.reason !== undefined)(redis.titled('a group that is moved'), () => {
      const bench = new RedisTestServer(redis, 'moved');
      const { groupId } = bench;
      let stream = '';
      let facts: TelemetryFact[] = [];
      let errors: { readonly facts: object; readonly message: string }[] = [];
      let settings: Disposable;

      beforeEach(() => {
        stream = bench.topic;
        facts = [];
        errors = [];
        const logger = {
          ...{ debug() {}, info() {}, warn() {} },
          error: (of: object, message: string) => void errors.push({ facts: of, message }),
        };
        const telemetry = { ...noTelemetry, record: (fact: TelemetryFact) => void facts.push(fact) };
        settings = configureEvents({ logger, telemetry });
      });
      afterEach(() => settings[Symbol.dispose]());

      const member = (options: Partial<RedisConsumerOptions> = {}) =>
        bench.consume({ claimEveryMs: 30, blockMs: 20, drainTimeoutMs: 100, ...options });
      const produce = async (count: number) => {
        const ids: string[] = [];
        for (let number = 0; number < count; number += 1) {
          ids.push((await add(bench.client, stream, itemFields(number))) as string);
        }
        return ids;
      };
      const looks = () => facts.filter((fact) => fact.type === 'consumer.lag').length;
      const someLooks = async (count = 3) => {
        const before = looks();
        await eventually(looks).toBeGreaterThanOrEqual(before + count);
      };
      const drained = async () => {
        await eventually(() => bench.pending()).toBe(0);
        await someLooks();
      };
      const skipped = () => facts.filter((fact) => fact.type === 'events.lost');

      it('forward, past unread entries: it is reported, with the ids in between', async () => {
        await using _member = member();
        await produce(3);
        await drained();
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        using _hold = ITEM.connect(({ fromEventBus }) => (fromEventBus ? held : undefined));
        // One event in flight stops a member that buffers one from reading; it looks at the stream all the same.
        await using slow = member({ maxBufferedEvents: 1, batchSize: 1, groupId: 'slow' });
        await slow.consumer.ready;
        await eventually(() => pendingOf(bench.client, stream, 'slow')).toBeGreaterThan(0);
        const ids = await produce(10);
        await someLooks(4);
        await bench.client.xgroup('SETID', stream, 'slow', '$'); // as a Python member does when it starts
        await someLooks(6);
        const moves = errors.filter(({ message }) => /moved forward/.test(message));
        expect(moves).toHaveLength(1);
        expect(moves[0]?.facts).toMatchObject({ stream, groupId: 'slow', to: ids.at(-1) });
        const isCounted = counts ? expect.any(Number) : null;
        expect(skipped()).toEqual([
          { type: 'events.lost', lane: stream, groupId: 'slow', count: isCounted, reason: 'group-moved' },
        ]);
        release();
      });

      it('back: it is reported, and the events are delivered again', async () => {
        using received = receivedItems();
        await using _member = member();
        const [first] = await produce(5);
        await drained();
        await bench.client.xgroup('SETID', stream, groupId, '0');
        await eventually(() => received.numbers.length).toBe(10);
        await eventually(() => errors.length).toBe(1);
        await someLooks();
        expect(errors).toMatchObject([
          { message: expect.stringMatching(/moved back/), facts: { stream, groupId } },
        ]);
        expect([first, '0-0']).toContain((errors.at(0)?.facts as { readonly to: string } | undefined)?.to);
        expect(skipped()).toEqual([]);
      });

      it('by nobody: members that read, join and leave cause no report', async () => {
        using received = receivedItems();
        const first = member();
        await first.consumer.ready;
        for (let round = 0; round < 5; round += 1) {
          const second = member({ batchSize: 3 });
          await second.consumer.ready;
          await produce(40);
          await eventually(() => received.numbers.length).toBe(40 * (round + 1));
          await drained();
          await second[Symbol.asyncDispose]();
        }
        await first[Symbol.asyncDispose]();
        await using _again = member();
        await produce(10);
        await drained();
        expect(errors).toEqual([]);
        expect(skipped()).toEqual([]);
      });
    });
  },
);
