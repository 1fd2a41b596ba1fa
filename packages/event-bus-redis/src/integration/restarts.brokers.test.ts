import { redisOrReason } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { noTelemetry, runtime, snapshotSignals } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import {
  add,
  eventually,
  ITEM,
  itemFields,
  RunningConsumer,
  receivedItems,
  relay,
} from './redis-bench.test-support.js';
import { StartedRedis } from './started-redis.test-support.js';

/** Restarts and failovers of each test: `REDIS_RESTARTS=100` for a long run. */
const ROUNDS = Number(process.env.REDIS_RESTARTS ?? 1);
const timeout = 30_000 + ROUNDS * 5_000;
const stream = 'restarted';
const groupId = 'g';
const restore = snapshotSignals();
afterAll(restore);

describe.each([undefined, 'redis-8.2', 'valkey-9'] as const)('with edition %s', async (edition) => {
  const options = { own: true, appendonly: 'always' } as const;
  const redis = await redisOrReason(edition === undefined ? options : { ...options, edition });

  describe.skipIf(redis.reason !== undefined)(redis.titled('the watch of a group'), { timeout }, () => {
    let lost: TelemetryFact[] = [];
    let looks = 0;
    let errors: string[] = [];
    let settings: Disposable;
    beforeEach(() => {
      lost = [];
      errors = [];
      const logger = {
        ...{ debug() {}, info() {}, warn() {} },
        error: (of: object, message: string) => void errors.push(`${message} ${JSON.stringify(of)}`),
      };
      const record = (fact: TelemetryFact) => {
        if (fact.type === 'events.lost') lost.push(fact);
        if (fact.type === 'consumer.lag') looks += 1;
      };
      settings = configureEvents({ logger, telemetry: { ...noTelemetry, record } });
    });
    afterEach(() => settings[Symbol.dispose]());

    const member = (url: string) =>
      new RunningConsumer({
        ...{ url, topics: [stream], groupId, claimEveryMs: 10, blockMs: 20, drainTimeoutMs: 100 },
        ...{ streamMaxLength: 1_000, ackEvery: 1, batchSize: 5, maxBufferedEvents: 5 },
      });
    const someLooks = async (count = 4) => {
      const before = looks;
      await eventually(() => looks).toBeGreaterThanOrEqual(before + count);
    };

    /** Adds entries without a pause, also while Redis is restarted, and trims to about 200. */
    function traffic(client: Redis) {
      let isEnded = false;
      let number = 0;
      const running = (async () => {
        while (!isEnded) {
          number += 1;
          await client.xadd(stream, 'MAXLEN', '~', 200, '*', ...itemFields(number).flat()).catch(() => {});
          await runtime().clock.sleep(1);
        }
      })();
      return async () => {
        isEnded = true;
        await running;
      };
    }

    const allRead = (client: Redis) =>
      eventually(async () => {
        const [group] = (await client.xinfo('GROUPS', stream)) as unknown[][];
        const [about] = [(await client.xinfo('STREAM', stream)) as unknown[]];
        const of = (list: unknown[] | undefined, name: string) => list?.[list.indexOf(name) + 1];
        return (
          of(group, 'last-delivered-id') === of(about, 'last-generated-id') && of(group, 'pending') === 0
        );
      }).toBe(true);

    async function expectNoFindings(server: { readonly url: string }) {
      await using admin = new RedisEventBusAdmin({ EVENT_BUS_REDIS_CONNECTION_URL: server.url });
      const findings = (await admin.diagnose()).filter(({ subject }) => subject.startsWith('group'));
      expect(findings.map(({ verdict, message }) => `${verdict}: ${message}`)).toEqual([
        expect.stringMatching(/^ok: /),
      ]);
    }

    /** A move and a loss that happen after all that are reported as ever. */
    async function expectRealFaultsAreReported(client: Redis) {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      using _hold = ITEM.connect(({ fromEventBus }) => (fromEventBus ? held : undefined));
      for (let number = 0; number < 30; number += 1) await add(client, stream, itemFields(number));
      await someLooks();
      await client.xgroup('SETID', stream, groupId, '$');
      await eventually(() => lost.length).toBe(1);
      expect(lost).toMatchObject([{ reason: 'group-moved' }]);
      for (let number = 0; number < 30; number += 1) await add(client, stream, itemFields(number));
      await someLooks();
      await client.xtrim(stream, 'MAXLEN', 0);
      await eventually(() => lost.slice(1).map((fact) => ('reason' in fact ? fact.reason : ''))).toContain(
        'trimmed',
      );
      release();
    }

    it('reports no move and no loss when Redis restarts under steady traffic, and real ones afterwards', async () => {
      await using started = await StartedRedis.start(redis);
      const { client, server } = started;
      using received = receivedItems();
      const consumer = member(server.url);
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          const end = traffic(client);
          const before = received.numbers.length;
          await eventually(() => received.numbers.length).toBeGreaterThan(before + 50);
          await someLooks();
          await server.restart();
          if (round % 2 === 0) await expectNoFindings(server);
          const after = received.numbers.length;
          await eventually(() => received.numbers.length).toBeGreaterThan(after + 50);
          await someLooks();
          await end();
          await allRead(client);
          await someLooks();
          if (round % 2 === 1) await server.restart(); // with everything read
          await expectNoFindings(server);
        }
        expect(errors).toEqual([]);
        expect(lost).toEqual([]);
        await expectRealFaultsAreReported(client);
      } finally {
        await consumer[Symbol.asyncDispose]();
      }
    });

    it('reports no move and no loss at a planned failover, and real ones afterwards', async () => {
      await using one = await StartedRedis.start(redis);
      const { host, port } = one.server;
      await using other = await StartedRedis.start(redis, { config: [`replicaof ${host} ${port}`] });
      await using address = await relay(one.server);
      using received = receivedItems();
      const consumer = member(address.url);
      let [primary, replica] = [one, other];
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          const { client } = primary;
          const { client: follower } = replica;
          await eventually(() => follower.info('replication')).toMatch(/master_link_status:up/);
          const end = traffic(client);
          const before = received.numbers.length;
          await eventually(() => received.numbers.length).toBeGreaterThan(before + 50);
          await someLooks();
          await client.call('FAILOVER');
          await eventually(() => follower.info('replication')).toMatch(/role:master/);
          address.leadTo(replica.server);
          await end();
          [primary, replica] = [replica, primary];
          const endOther = traffic(follower);
          const after = received.numbers.length;
          await eventually(() => received.numbers.length).toBeGreaterThan(after + 50);
          await someLooks();
          await endOther();
          await allRead(follower);
          await someLooks();
          await expectNoFindings(primary.server);
        }
        expect(errors).toEqual([]);
        expect(lost).toEqual([]);
        await expectRealFaultsAreReported(primary.client);
      } finally {
        await consumer[Symbol.asyncDispose]();
      }
    });
  });
});
