import { once } from 'node:events';
import { connect } from 'node:net';
import { redisOrReason, startFaultProxy } from '@openedx-ts/brokers';
import { runtime } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import type { RedisConsumerOptions } from '../options/redis-options.js';
import {
  add,
  eventually,
  itemFields,
  loggedLines,
  receivedItems,
  sendItem,
} from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

/** Stops of members, eight of which read at once. A larger number searches for rarer schedules, on every edition. */
const stops = Number(process.env.REDIS_STOPS ?? 40);
const reader = 'openedx-events-reader';
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);
const distinct = (numbers: readonly number[]) => [...new Set(numbers)].sort((a, b) => a - b);

describe.each([undefined, 'redis-6.2', 'redis-8.2', 'valkey-9'] as const)(
  'with edition %s',
  async (edition) => {
    const redis = await redisOrReason(edition === undefined ? { own: true } : { own: true, edition });

    describe.skipIf(redis.reason !== undefined)(redis.titled('a member that stops'), () => {
      const bench = new RedisTestServer(redis, 'stops');

      const member = (options: Partial<RedisConsumerOptions> = {}) =>
        bench.consume({ blockMs: 5_000, ...options });
      const members = async () =>
        ((await bench.client.xinfo('CONSUMERS', bench.topic, bench.groupId)) as unknown[][]).map(
          ([, name]) => name,
        );
      const isReading = async () =>
        /flags=b .*cmd=xreadgroup/.test((await bench.client.client('LIST')) as string);
      /** Receives what was left behind, as fast as a member may claim it. */
      const receivesAll = async (received: { readonly numbers: readonly number[] }, count: number) => {
        await using _heir = member({ consumerName: 'heir', claimIdleMs: 50, claimEveryMs: 50, blockMs: 50 });
        await eventually(bench.pending).toBe(0);
        await eventually(() => distinct(received.numbers).length).toBe(count);
        expect(distinct(received.numbers)).toEqual(upTo(count));
      };

      /** Adds an event behind each command by which a member leaves its group. */
      const addAtEachCommand = async () => {
        const adding: Promise<unknown>[] = [];
        let seen = '';
        const monitor = connect(bench.server.port, bench.server.host);
        monitor.setEncoding('utf8').on('data', (text: string) => {
          seen += text;
          for (const _command of text.matchAll(/"(?:xpending|eval|xclaim|xgroup|unblock)"/gi))
            adding.push(add(bench.client, bench.topic, itemFields(adding.length)));
        });
        monitor.write('MONITOR\r\n');
        await once(monitor, 'data');
        return async () => {
          await bench.client.echo('stopped');
          await vi.waitUntil(() => seen.includes('"stopped"'), { interval: 1, timeout: 60_000 });
          monitor.destroy();
          await Promise.all(adding);
          return adding.length;
        };
      };

      it.each([
        ['', 'default'],
        [' and its user may not end the read', 'restricted'],
      ])(
        'loses no event that arrives meanwhile, when Redis learns late that its read has ended%s',
        async (_what, user) => {
          await bench.client.call('ACL', 'SETUSER', 'restricted', 'on', '>p', '~*', '+@all', '-client');
          await using proxy = await startFaultProxy({ target: bench.server });
          using received = receivedItems();
          const login = user === 'default' ? '' : `${user}:p@`;
          const stopping = member({
            url: `redis://${login}${proxy.host}:${proxy.port}`,
            consumerName: 'stopping',
          });
          await stopping.consumer.ready;
          await eventually(isReading).toBe(true);
          // Redis hears nothing of the end of the read, and time passes between two commands of the member that stops.
          proxy.lateEnd(Number.POSITIVE_INFINITY, { sent: reader });
          proxy.latency(60, { direction: 'toServer', sent: 'openedx-events-consumer' });
          const added = await addAtEachCommand();
          await stopping[Symbol.asyncDispose]();
          const count = await added();
          proxy.heal();
          expect(count).toBeGreaterThan(0);
          await receivesAll(received, count);
        },
      );

      if (edition === undefined || process.env.REDIS_STOPS !== undefined)
        it(
          `loses none of the events that arrive during ${stops} stops over slow lines`,
          async () => {
            await using proxy = await startFaultProxy({ target: bench.server });
            await using producer = bench.produce({ streamMaxLength: Infinity });
            using received = receivedItems();
            proxy.lateEnd(500);
            const sends: Promise<unknown>[] = [];
            let isOver = false;
            const sending = (async () => {
              while (!isOver) {
                sends.push(sendItem(producer, bench.topic, sends.length));
                await runtime().clock.sleep(180);
              }
            })();
            for (let stopped = 0; stopped < stops; stopped += 8) {
              const url = `redis://${proxy.host}:${proxy.port}`;
              const members = upTo(8).map(() => member({ url, claimIdleMs: 1_000 }));
              await Promise.all(members.map(({ consumer }) => consumer.ready));
              const hasCaughtUp = () => distinct(received.numbers).length === sends.length;
              await vi.waitUntil(hasCaughtUp, { interval: 1, timeout: 60_000 });
              await runtime().clock.sleep((stopped * 37) % 180); // at every moment between two events
              proxy.latency(25, { sent: 'openedx-events-consumer' });
              const stop = (some: typeof members) =>
                Promise.all(some.map((one) => one[Symbol.asyncDispose]()));
              await stop(members.slice(0, 4)); // the others read on
              await stop(members.slice(4));
              proxy.latency(0);
            }
            isOver = true;
            await sending;
            await Promise.all(sends);
            await receivesAll(received, sends.length);
          },
          60_000 + stops * 1_000,
        );

      it('leaves the group at once on a healthy line, although its read blocks for a minute', async () => {
        const stopping = member({ consumerName: 'stopping', blockMs: 60_000 });
        await bench.client.xadd(bench.topic, '*', ...itemFields(0).flat());
        await eventually(isReading).toBe(true);
        await eventually(members).toEqual(['stopping']);
        const startedAt = performance.now();
        await stopping[Symbol.asyncDispose]();
        expect(performance.now() - startedAt).toBeLessThan(30_000);
        expect(await members()).toEqual([]);
      });

      it('returns what its last read has fetched, for the next member to claim at once', async () => {
        await using proxy = await startFaultProxy({ target: bench.server });
        using received = receivedItems();
        const stopping = member({ url: `redis://${proxy.host}:${proxy.port}`, claimIdleMs: 60_000 });
        await eventually(isReading).toBe(true);
        proxy.latency(200, { direction: 'toClient', sent: reader });
        await add(bench.client, bench.topic, itemFields(0));
        await eventually(bench.pending).toBe(1);
        await stopping[Symbol.asyncDispose]();
        expect(received.numbers).toEqual([]);
        await using _next = member({ claimIdleMs: 60_000 });
        await eventually(() => received.numbers).toEqual([0]);
      });

      it('stops soon while Redis is frozen, although its read blocks for a minute', async () => {
        using _logged = loggedLines();
        const stopping = member({ blockMs: 60_000 });
        await eventually(isReading).toBe(true);
        await bench.server.freeze();
        const startedAt = performance.now();
        await stopping[Symbol.asyncDispose]();
        const tookMs = performance.now() - startedAt;
        await bench.server.unfreeze();
        expect(tookMs).toBeLessThan(30_000); // twice 0.8 s, and what a busy machine adds
      });
    });
  },
);
