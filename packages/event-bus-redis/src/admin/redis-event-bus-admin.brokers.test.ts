import { randomUUID } from 'node:crypto';
import { freePort, type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import type { Environment } from '@openedx-ts/events-core';
import type { Finding, LagQuery } from '@openedx-ts/events-core/operate';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisEventBusAdmin } from './redis-event-bus-admin.js';

const options = { own: true, users: ['watcher on >watch-me ~* +xinfo +xpending +xrange +xlen'] };
const servers = [
  { redis: await redisOrReason(options), countsReads: true, title: 'RedisEventBusAdmin' },
  // They do not count trimmed entries as unread.
  {
    redis: await redisOrReason({ ...options, edition: 'redis-8.2' }),
    countsReads: true,
    title: 'RedisEventBusAdmin with Redis 8.2',
  },
  {
    redis: await redisOrReason({ ...options, edition: 'valkey-9' }),
    countsReads: true,
    title: 'RedisEventBusAdmin with Valkey 9',
  },
  // It counts neither what groups read nor what was trimmed before.
  {
    redis: await redisOrReason({ ...options, edition: 'redis-6.2' }),
    countsReads: false,
    title: 'RedisEventBusAdmin with Redis 6.2',
  },
];

for (const { redis, countsReads, title } of servers)
  describe.skipIf(redis.reason !== undefined)(redis.titled(title), () => {
    let server: RedisServer;
    let client: Redis;
    beforeAll(async () => {
      server = await redis.start();
      client = new Redis(server.url);
    });
    afterAll(async () => {
      client.disconnect();
      await server[Symbol.asyncDispose]();
    });
    beforeEach(() => client.flushall());

    const env = (more: Environment = {}): Environment => ({
      EVENT_BUS_REDIS_CONNECTION_URL: server.url,
      ...more,
    });
    const add = async (stream: string, count: number, ...trimming: string[]) => {
      for (let index = 0; index < count; index += 1)
        await client.call('XADD', stream, ...trimming, '*', 'type', 'a', 'event_data', 'b');
    };
    const read = (stream: string, group: string, count: number, member = 'm') =>
      client.call('XREADGROUP', 'GROUP', group, member, 'COUNT', String(count), 'STREAMS', stream, '>');
    async function lag(query: LagQuery = {}, more: Environment = {}) {
      await using admin = new RedisEventBusAdmin(env(more));
      return await admin.lag(query);
    }
    async function diagnose(query: LagQuery = {}, more: Environment = {}) {
      await using admin = new RedisEventBusAdmin(env(more));
      return await admin.diagnose(query);
    }

    describe('lag', () => {
      it('reports lag, pending events and the distance to trimming', async () => {
        await client.call('XGROUP', 'CREATE', 'p-orders', 'mail', '0', 'MKSTREAM');
        await client.call('XGROUP', 'CREATE', 'p-orders', 'audit', '$');
        await add('p-orders', 10);
        await add('other', 1);
        await read('p-orders', 'mail', 4);
        const more = { EVENT_BUS_TOPIC_PREFIX: 'p', EVENT_BUS_REDIS_STREAM_MAX_LEN: '100' };
        const [audit, mail, ...others] = await lag({}, more);
        expect(others).toEqual([]);
        const common = { topic: 'orders', lane: 'p-orders', length: 10, oldestAgeMs: expect.any(Number) };
        expect(audit).toEqual({
          ...common,
          groupId: 'audit',
          members: 0,
          lag: 10,
          pending: 0,
          distanceToTrim: 90,
        });
        expect(mail).toEqual({
          ...common,
          groupId: 'mail',
          members: 1,
          lag: 6,
          pending: 4,
          distanceToTrim: 90,
        });
        expect(mail?.oldestAgeMs).toBeLessThan(60_000);
        expect(await lag({ topics: ['orders'], groupId: 'audit' }, more)).toHaveLength(1);
        expect(await lag({ topics: ['absent'] }, more)).toEqual([]);
      });

      it('counts acknowledged entries between pending ones, and nothing when all are acknowledged', async () => {
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '0', 'MKSTREAM');
        await add('orders', 3);
        await read('orders', 'mail', 3);
        const ids = (await client.xrange('orders', '-', '+')).map(([id]) => id);
        await client.xack('orders', 'mail', ids[1] as string);
        expect(await lag()).toMatchObject([{ lag: 0, pending: 2, distanceToTrim: 9_997 }]);
        await client.xack('orders', 'mail', ids[0] as string, ids[2] as string);
        expect(await lag()).toMatchObject([{ lag: 0, pending: 0, oldestAgeMs: 0, distanceToTrim: 10_000 }]);
      });

      it('counts the entries where Redis does not report their number', async () => {
        await add('orders', 2_500);
        const [[second]] = (await client.xrange('orders', '-', '+', 'COUNT', 1)) as [[string, unknown]];
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', second);
        expect(await lag()).toMatchObject([{ lag: 2_499, pending: 0, distanceToTrim: 10_000 - 2_499 }]);
      });

      it('reports how many were trimmed before the group had processed them', async () => {
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '0', 'MKSTREAM');
        await add('orders', 3);
        await read('orders', 'mail', 2);
        await add('orders', 7, 'MAXLEN', '4');
        // 10 were sent and 4 are left: 2 that were in flight and 4 that were not read are gone
        const distanceToTrim = countsReads ? -6 : -2;
        expect(await lag()).toMatchObject([{ length: 4, lag: 4, pending: 2, distanceToTrim }]);
        const endless = { EVENT_BUS_REDIS_STREAM_MAX_LEN: '0' };
        expect(await lag({}, endless)).toMatchObject([{ distanceToTrim }]);
      });

      it('reports no distance where nothing is trimmed', async () => {
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '0', 'MKSTREAM');
        expect(await lag({}, { EVENT_BUS_REDIS_STREAM_MAX_LEN: '0' })).toMatchObject([
          { distanceToTrim: null },
        ]);
      });

      it('leaves streams of dead letters out', async () => {
        await client.call('XGROUP', 'CREATE', 'orders.mail.dlq', 'mail', '0', 'MKSTREAM');
        expect(await lag()).toEqual([]);
      });

      it('rejects when Redis is unreachable or refuses the user, or when the key is no stream', async () => {
        const url = `redis://:top-secret@127.0.0.1:${await freePort()}`;
        await using away = new RedisEventBusAdmin({ EVENT_BUS_REDIS_CONNECTION_URL: url });
        await expect(away.lag()).rejects.toMatchObject({ code: 'EVENTS_INFRASTRUCTURE' });
        const wrong = { EVENT_BUS_REDIS_CONNECTION_URL: server.url.replace('//', '//watcher:top-secret@') };
        await expect(lag({}, wrong)).rejects.toMatchObject({ code: 'EVENT_BUS_REDIS_ACCESS' });
        await client.set('orders', 'text');
        await expect(lag({ topics: ['orders'] })).rejects.toThrow(/topic orders is no stream/);
      });
    });

    describe('diagnose', () => {
      it('finds no problem in a healthy server, and reports what a restart loses', async () => {
        await add('orders', 1);
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '$');
        await client.hset('openedx-events-schemas', 'a', 'b');
        const findings = await diagnose();
        expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
        expect(of(findings, 'broker')).toMatch(/^ok: 127\.0\.0\.1:\d+ replies: (Redis|Valkey) \d/);
        expect(of(findings, 'persistence')).toMatch(/^warning: (nothing is written to disk|snapshots only)/);
        expect(of(findings, 'schemas')).toBe('ok: schemas in openedx-events-schemas: 1');
        expect(of(findings, 'topic orders')).toBe('ok: events: 1, groups: 1');
        expect(of(findings, 'group mail on orders')).toBe('ok: all processed, members 0');
      });

      it('finds wrong keys, missing streams, streams without groups and dead letters, each with a cure', async () => {
        await client.set('p-text', 'text');
        await client.set('p-openedx-events-schemas', 'text');
        await add('p-orders', 1);
        await add('p-orders.mail.dlq', 2);
        await add('q-lonely', 1);
        const more = { EVENT_BUS_TOPIC_PREFIX: 'p' };
        const named = await diagnose({ topics: ['text', 'lonely', 'order'] }, more);
        expect(of(named, 'topic text')).toMatch(/^problem: the key p-text is no stream/);
        expect(of(named, 'topic lonely')).toMatch(/there is q-lonely$/);
        expect(cure(named, 'topic lonely')).toBe('check EVENT_BUS_TOPIC_PREFIX: for that stream it is q');
        expect(cure(named, 'topic order')).toMatch(/^did you mean orders\?/);
        expect(of(named, 'schemas')).toMatch(/^problem: the key p-openedx-events-schemas is no hash/);
        const all = await diagnose({}, more);
        expect(of(all, 'topic orders')).toMatch(/^warning: events: 1, but no group consumes them/);
        expect(of(all, 'dead letters p-orders.mail.dlq')).toBe(
          'warning: events that the group could not process: 2',
        );
        expect(all.every(({ verdict, cure }) => (verdict === 'ok') === (cure === undefined))).toBe(true);
      });

      it('finds topics to which nothing was ever sent, and the stream that may be meant', async () => {
        await add('dev-orders', 1);
        for (const stream of ['dev-oders', 'dev-dev-orders'])
          await client.call('XGROUP', 'CREATE', stream, 'mail', '$', 'MKSTREAM');
        const findings = await diagnose({}, { EVENT_BUS_TOPIC_PREFIX: 'dev' });
        expect(of(findings, 'topic oders')).toBe(
          'warning: no event was ever sent to the stream dev-oders: a consumer has created it',
        );
        expect(cure(findings, 'topic oders')).toMatch(/^did you mean orders\?/);
        expect(cure(findings, 'topic dev-orders')).toBe(
          'its name has the prefix twice: give the topic as orders',
        );
        expect(of(findings, 'topic orders')).not.toMatch(/no event was ever sent/);
      });

      it('finds a lease key that no member has set, and says nothing of one that a member holds', async () => {
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '0', 'MKSTREAM');
        const lease = async () => {
          const findings = await diagnose({ topics: ['orders'] });
          return findings.findLast(({ subject }) => subject === 'group mail on orders')?.message;
        };
        const token = `host-1 ${randomUUID()}`;
        await client.set('orders.mail.lease', token, 'PX', 15_000);
        expect(await lease()).toBe('all processed, members 0');
        await client.set('orders.mail.lease', token);
        expect(await lease()).toMatch(/orders\.mail\.lease never expires: .*DEL orders\.mail\.lease/);
        await client.set('orders.mail.lease', 'x'.repeat(1_000), 'PX', 15_000);
        expect(await lease()).toMatch(/was not written by a member/);
        await client.del('orders.mail.lease');
        await client.lpush('orders.mail.lease', 'x');
        expect(await lease()).toMatch(/was not written by a member/);
      });

      it('finds a stream that takes no entry any more, because its ids are exhausted', async () => {
        const last = '18446744073709551615-18446744073709551615';
        await client.xadd('orders', last, 'type', 'a');
        await expect(client.xadd('orders', '*', 'type', 'a')).rejects.toThrow(/exhausted|smaller|ID/);
        const problems = (await diagnose({ topics: ['orders'] })).filter(
          ({ verdict }) => verdict === 'problem',
        );
        expect(problems).toMatchObject([
          {
            subject: 'topic orders',
            message: expect.stringMatching(/^the stream orders takes no event any more/),
          },
        ]);
      });

      it('finds groups that are missing, close to trimming, past it, and moved', async () => {
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '0', 'MKSTREAM');
        await add('orders', 9);
        const near = await diagnose({}, { EVENT_BUS_REDIS_STREAM_MAX_LEN: '10' });
        expect(of(near, 'group mail on orders')).toMatch(
          /^warning: after 1 more events, the first one is trimmed/,
        );
        const missing = await diagnose({ topics: ['orders'], groupId: 'mial' });
        expect(cure(missing, 'topic orders')).toMatch(/did you mean mail\?$/);
        await read('orders', 'mail', 1);
        // Entries older than the start of the server prove nothing: see `entriesReadSince`.
        await expect
          .poll(async () => /uptime_in_seconds:[01]\b/.test(await client.info()), { timeout: 60_000 })
          .toBe(false);
        await add('orders', 1);
        await client.call('XGROUP', 'SETID', 'orders', 'mail', '$');
        expect(of(await diagnose(), 'group mail on orders')).toMatch(
          countsReads ? /^warning: the group was moved/ : /^ok: lag 0, pending 1/,
        );
        await add('orders', 9, 'MAXLEN', '3');
        const lost = await diagnose();
        expect(of(lost, 'group mail on orders')).toMatch(/^problem: \d events were trimmed/);
      });

      it('continues without what the user may not query', async () => {
        await client.call('XGROUP', 'CREATE', 'orders', 'mail', '0', 'MKSTREAM');
        const url = server.url.replace('//', '//watcher:watch-me@');
        const findings = await diagnose({ topics: ['orders'] }, { EVENT_BUS_REDIS_CONNECTION_URL: url });
        expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
        expect(of(findings, 'broker', 1)).toMatch(/^warning: version, persistence and memory are unknown/);
        expect(of(findings, 'group mail on orders')).toBe('ok: all processed, members 0');
        expect(JSON.stringify(findings)).not.toContain('watch-me');
        const all = await diagnose({}, { EVENT_BUS_REDIS_CONNECTION_URL: url });
        expect(of(all, 'topics')).toMatch(/^warning: Redis refuses SCAN/);
      });

      it('finds a policy that evicts, and memory that is full', async () => {
        await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
        expect(of(await diagnose(), 'memory')).toMatch(/^warning: the policy allkeys-lru/);
        await client.config('SET', 'maxmemory', '1gb');
        expect(of(await diagnose(), 'memory')).toMatch(/^problem: the policy allkeys-lru/);
        await client.config('SET', 'maxmemory-policy', 'noeviction');
        expect(of(await diagnose(), 'memory')).toMatch(/^ok: \d % of maxmemory/);
        await client.config('SET', 'maxmemory', '200kb');
        expect(of(await diagnose(), 'memory')).toMatch(/^problem: \d+ % of maxmemory in use/);
        await client.config('SET', 'maxmemory', '0');
      });

      it('explains settings, and suggests the name for a misspelled one', async () => {
        const findings = await diagnose(
          {},
          {
            EVENT_BUS_REDIS_STREAM_MAX_LEN: 'many',
            EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS: 'both',
            EVENT_BUS_REDIS_CONSUMERS_ENABLED: 'False',
            EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: '60',
            EVENT_BUS_REDIS_CONECTION_URL: 'redis://:top-secret@x',
          },
        );
        const texts = findings.map(({ verdict, message, cure }) => `${verdict}: ${message} (${cure ?? '-'})`);
        expect(texts).toEqual([
          'problem: EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS is malformed (it must be a whole number, 0 or more)',
          'warning: EVENT_BUS_REDIS_CONECTION_URL is no setting of this bus (did you mean EVENT_BUS_REDIS_CONNECTION_URL?)',
          'ok: EVENT_BUS_REDIS_CONNECTION_URL is understood: the address of Redis (-)',
          'warning: EVENT_BUS_REDIS_CONSUMERS_ENABLED is off: consumers of this bus do not run (set it to true)',
          'ok: EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT is understood: a read blocks up to 60 s for events (-)',
          'problem: EVENT_BUS_REDIS_STREAM_MAX_LEN is malformed (it must be a whole number, 0 or more)',
        ]);
      });

      it.each([
        [{}, 'EVENT_BUS_REDIS_CONNECTION_URL is not set'],
        [{ EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:top-secret@host:port' }, 'cannot be read as a URL'],
        [{ EVENT_BUS_REDIS_CONNECTION_URL: 'localhost:6379' }, 'must be a URL'],
        [{ EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:top-secret@example.com' }, 'unencrypted'],
        [{ EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:top-secret@127.0.0.1:1' }, 'is unreachable'],
      ])('reports a problem, without the password, where the URL is unusable: %j', async (settings, text) => {
        await using admin = new RedisEventBusAdmin(settings);
        const findings = await admin.diagnose();
        expect(findings.at(-1)).toMatchObject({
          verdict: 'problem',
          message: expect.stringContaining(text),
        });
        expect(JSON.stringify(findings)).not.toContain('top-secret');
      });
    });
  });

function of(findings: readonly Finding[], subject: string, index = 0): string {
  const found = findings.filter((finding) => finding.subject === subject)[index];
  return found === undefined ? 'nothing' : `${found.verdict}: ${found.message}`;
}

function cure(findings: readonly Finding[], subject: string): string | undefined {
  return findings.findLast((finding) => finding.subject === subject)?.cure;
}
