import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { noTelemetry, snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import {
  add,
  eventually,
  ITEM,
  itemFields,
  pendingOf,
  RunningConsumer,
  receivedItems,
} from './redis-bench.test-support.js';

const restore = snapshotSignals();
afterAll(restore);

const groupId = 'g';
const MAX_LENGTH = 20;

describe.each([undefined, 'redis-6.2', 'redis-8.2', 'valkey-9'] as const)(
  'with edition %s',
  async (edition) => {
    const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });
    const counts = edition !== 'redis-6.2';

    describe.skipIf(redis.reason !== undefined)(redis.titled('the trim watch'), () => {
      let server: RedisServer;
      let client: Redis;
      let stream = '';
      let tests = 0;
      let facts: TelemetryFact[] = [];
      let lines: { readonly level: string; readonly facts: object; readonly message: string }[] = [];
      const open: Disposable[] = [];

      beforeAll(async () => {
        server = await redis.start();
        client = new Redis(server.url);
        await client.config('SET', 'stream-node-max-entries', '1'); // trims to the entry
      });
      afterAll(async () => {
        client.disconnect();
        await server[Symbol.asyncDispose]();
      });
      beforeEach(() => {
        tests += 1;
        stream = `watched-${process.pid}-${tests}`;
        facts = [];
        lines = [];
        const write = (level: string) => (of: object, message: string) =>
          void lines.push({ level, facts: of, message });
        const logger = { debug() {}, info: write('info'), warn: write('warn'), error: write('error') };
        const telemetry = { ...noTelemetry, record: (fact: TelemetryFact) => void facts.push(fact) };
        open.push(configureEvents({ logger, telemetry }));
      });
      afterEach(() => {
        for (const one of open.splice(0)) one[Symbol.dispose]();
      });

      /** A member that looks every 20 ms; it is slow, so that a test decides how far it gets. */
      const member = (options: Partial<RedisConsumerOptions> = {}) =>
        new RunningConsumer({
          ...{ url: server.url, topics: [stream], groupId, streamMaxLength: MAX_LENGTH },
          ...{
            claimEveryMs: 20,
            claimIdleMs: 60_000,
            blockMs: 20,
            batchSize: 1,
            maxBufferedEvents: 1,
            ackEvery: 1,
            drainTimeoutMs: 100,
          },
          ...options,
        });
      const produce = async (count: number, { trim = true } = {}) => {
        for (let number = 0; number < count; number += 1) {
          await add(client, stream, itemFields(number));
          if (trim) await client.xtrim(stream, 'MAXLEN', MAX_LENGTH);
        }
      };
      /** Receivers wait until it is called; from then on they do not. */
      const hold = () => {
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        open.push(ITEM.connect(({ fromEventBus }) => (fromEventBus ? held : undefined)));
        return () => release();
      };
      const newest = async () => {
        const about = (await client.xinfo('STREAM', stream)) as unknown[];
        return about[about.indexOf('last-generated-id') + 1];
      };
      const lost = () => facts.filter((fact) => fact.type === 'events.lost');
      const lag = () => facts.findLast((fact) => fact.type === 'consumer.lag');
      const warnings = () => lines.filter(({ level }) => level === 'warn' || level === 'error');
      /** Waits for two more looks, so that a silence means something. */
      const twoLooks = async () => {
        const looks = () => facts.filter((fact) => fact.type === 'consumer.lag').length;
        const before = looks();
        await eventually(looks).toBeGreaterThanOrEqual(before + 2);
      };
      const drained = () =>
        eventually(async () => [lag()?.lag, await pendingOf(client, stream, groupId)]).toEqual([0, 0]);

      it('reports the lag of a group and its distance to trimming, and warns once when that is small', async () => {
        const release = hold();
        await client.xgroup('CREATE', stream, groupId, '0', 'MKSTREAM');
        await produce(10);
        await using _member = member();
        // One event is in flight and one waits; both count from the first.
        await eventually(() => lag()?.distanceToTrim).toBe(10);
        expect(lag()).toMatchObject({ lane: stream, groupId });
        expect(warnings()).toEqual([]);
        const eight = client.multi(); // all at once: a look in between would warn of another distance
        for (let number = 0; number < 8; number += 1) eight.xadd(stream, '*', ...itemFields(number).flat());
        await eight.exec();
        await eventually(() => lag()?.distanceToTrim).toBe(2);
        await twoLooks();
        expect(warnings()).toEqual([
          {
            level: 'warn',
            message: expect.stringMatching(/soon be trimmed/),
            facts: expect.objectContaining({ stream, groupId, distanceToTrim: 2 }),
          },
        ]);
        release();
        await drained();
        await eventually(() => lines.filter(({ message }) => /no longer close/.test(message))).toHaveLength(
          1,
        );
        await eventually(lag).toMatchObject({ pending: 0, distanceToTrim: MAX_LENGTH }); // at the next look
        expect(lost()).toEqual([]);
      });

      it('reports entries that were trimmed while no member was running', async () => {
        const first = member();
        await produce(3);
        await drained();
        await first[Symbol.asyncDispose]();
        await produce(30);
        facts = [];
        await using _second = member();
        await drained();
        await twoLooks();
        expect(lost()).toEqual([
          { type: 'events.lost', lane: stream, groupId, count: counts ? 10 : null, reason: 'trimmed' },
        ]);
        expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
          { message: expect.stringMatching(/trimmed before .* read/) },
        ]);
      });

      it('reports unread entries that are trimmed while it runs', async () => {
        const release = hold();
        await client.xgroup('CREATE', stream, groupId, '0', 'MKSTREAM');
        await using _member = member({ batchSize: 1 });
        await produce(5);
        await twoLooks();
        await produce(25);
        await eventually(() => lost().length).toBeGreaterThanOrEqual(1);
        expect(lost()[0]).toMatchObject({ reason: 'trimmed', lane: stream });
        release();
      });

      if (counts)
        it('counts every trimmed entry that the group has passed before anybody looked', async () => {
          using received = receivedItems();
          const release = hold();
          await client.xgroup('CREATE', stream, groupId, '0', 'MKSTREAM');
          await produce(5);
          await using _member = member({ claimEveryMs: 500 }); // looks seldom
          await eventually(() => pendingOf(client, stream, groupId)).toBeGreaterThan(0);
          await twoLooks();
          const read = client.multi();
          for (let number = 0; number < 100; number += 1)
            read.xadd(stream, '*', ...itemFields(number).flat());
          await read.xtrim(stream, 'MAXLEN', MAX_LENGTH).exec();
          release();
          await drained();
          await twoLooks();
          const count = lost().reduce((sum, fact) => sum + (fact.count ?? 0), 0);
          expect(count).toBe(105 - received.numbers.length);
          expect(count).toBeGreaterThan(50);
        });

      it('reports entries that were trimmed while they were pending for a member that died', async () => {
        hold();
        await produce(5);
        const dead = member({ consumerName: 'dead', batchSize: 5, maxBufferedEvents: 5 });
        await eventually(() => pendingOf(client, stream, groupId).catch(() => 0)).toBe(5);
        await dead.consumer.crash();
        await client.xtrim(stream, 'MAXLEN', 0);
        await using _heir = member({ claimIdleMs: 1 });
        await eventually(() => pendingOf(client, stream, groupId)).toBe(0);
        const counted = () => lost().reduce((sum, { count }) => sum + (count ?? 0), 0);
        await eventually(counted).toBe(5);
        expect(lost()).toContainEqual(expect.objectContaining({ lane: stream, groupId, reason: 'trimmed' }));
      });

      it('reports nothing for new groups, empty streams, and acknowledged entries that were deleted', async () => {
        await produce(30);
        await using latest = member({ groupId: 'latest', startFrom: 'resume' });
        await using early = member({ groupId: 'early' });
        await Promise.all([latest.consumer.ready, early.consumer.ready]);
        const bothAreUpToDate = async () => {
          await eventually(async () => {
            const groups = (await client.xinfo('GROUPS', stream)) as unknown[][];
            return groups.map((group) => [
              group[group.indexOf('last-delivered-id') + 1],
              group[group.indexOf('pending') + 1],
            ]);
          }).toEqual([
            [await newest(), 0],
            [await newest(), 0],
          ]);
          await twoLooks();
        };
        await bothAreUpToDate();
        await client.xtrim(stream, 'MAXLEN', 0);
        await twoLooks();
        await produce(10);
        await bothAreUpToDate();
        for (const [id] of await client.xrange(stream, '-', '+', 'COUNT', 5)) await client.xdel(stream, id);
        await twoLooks();
        await produce(10);
        await bothAreUpToDate();
        expect(lost()).toEqual([]);
        expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
      });
    });
  },
);
