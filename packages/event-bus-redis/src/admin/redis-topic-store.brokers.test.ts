import { readFileSync } from 'node:fs';
import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { type Message, toDeadLetter } from '@openedx-ts/events-core/bus';
import {
  type DeadLetter,
  deadLetterQueue,
  findDeadLetterQueues,
  purgeDeadLetters,
  type ReplayOptions,
  readDeadLetters,
  redriveDeadLetters,
  replayGroup,
  summarizeDeadLetters,
} from '@openedx-ts/events-core/operate';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toEntryFields } from '../stream/stream-entry.js';
import { RedisEventBusAdmin } from './redis-event-bus-admin.js';

const servers = [
  { redis: await redisOrReason({ own: true }), title: 'RedisTopicStore' },
  {
    redis: await redisOrReason({ own: true, edition: 'redis-6.2' }),
    title: 'RedisTopicStore with Redis 6.2',
  },
];

for (const { redis, title } of servers)
  describe.skipIf(redis.reason !== undefined)(redis.titled(title), () => {
    let server: RedisServer;
    let client: Redis;
    let admin: RedisEventBusAdmin;
    beforeAll(async () => {
      server = await redis.start();
      client = new Redis(server.url);
    });
    afterAll(async () => {
      client.disconnect();
      await server[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      await client.flushall();
      const env = { EVENT_BUS_REDIS_CONNECTION_URL: server.url, EVENT_BUS_TOPIC_PREFIX: 'p' };
      admin = new RedisEventBusAdmin(env);
    });
    afterEach(() => admin.close());

    const queue = () => deadLetterQueue(admin.topics, { topic: 'orders', groupId: 'mail' });
    const add = async (message: Message) =>
      String(
        await client.call(
          'XADD',
          message.topic,
          '*',
          ...toEntryFields(message).map((part) => Buffer.from(part)),
        ),
      );
    const event = (id: number): Message => {
      const texts = { type: 'a.b', id: `id-${id}`, source: 's', event_key: 'k', schema_fp: '0'.repeat(64) };
      const headers = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const);
      return { topic: 'p-orders', key: Buffer.from('k'), value: Uint8Array.of(0xff, id), headers };
    };
    const bury = (id: number, code = 'RECEIVER_FAILED') =>
      add(
        toDeadLetter(event(id), {
          code,
          message: 'broken',
          attempts: 3,
          firstFailure: new Date(1_000),
          lastFailure: new Date(2_000),
          source: `p-orders@1-${id}`,
          groupId: 'mail',
        }),
      );
    const deadLetters = async () => {
      const found: DeadLetter[] = [];
      for await (const letter of readDeadLetters(admin.topics, queue())) found.push(letter);
      return found;
    };
    const entries = async (stream: string) =>
      (
        (await client.xrangeBuffer(stream, '-', '+')) as readonly (readonly [Buffer, readonly Buffer[]])[]
      ).map(([, fields]) => fields.map((part) => part.toString('latin1')));

    it('keeps what another group that shares the retry topic has not read yet', async () => {
      const queues = [['p-orders', 'eu.mail'] as const, ['p-orders.eu', 'mail'] as const];
      const retryTopic = 'p-orders.eu.mail.retry';
      for (const [fullTopic, groupId] of queues) await admin.topics.createRetryTopic(fullTopic, groupId);
      const [read, unread] = [
        await admin.topics.write({ ...event(1), topic: retryTopic }),
        await admin.topics.write({ ...event(2), topic: retryTopic }),
      ];
      const readBy = (group: string, count: number) =>
        client.xreadgroup('GROUP', group, 'one', 'COUNT', count, 'STREAMS', retryTopic, '>');
      await readBy('eu.mail', 2);
      await readBy('mail', 1);
      await client.xack(retryTopic, 'eu.mail', read, unread);
      await client.xack(retryTopic, 'mail', read);
      for (const [fullTopic, groupId] of queues) await admin.topics.createRetryTopic(fullTopic, groupId);
      expect((await client.xrange(retryTopic, '-', '+')).map(([id]) => id)).toEqual([unread]);
    });

    describe('dead letters', () => {
      it('are found, counted and described', async () => {
        await bury(1);
        const position = await bury(2, 'OTHER');
        await client.call('XADD', 'p-orders.search.dlq', '*', 'a', 'b');
        await client.call('XADD', 'p-other.mail.dlq', '*', 'a', 'b');
        const queues = await findDeadLetterQueues(admin.topics, 'orders');
        expect(queues.map(({ groupId }) => groupId)).toEqual(['mail', 'search']);
        expect((await deadLetters())[1]).toMatchObject({
          position,
          storedAt: Number(position.split('-')[0]),
          eventType: 'a.b',
          eventId: 'id-2',
          facts: { code: 'OTHER', attempts: 3, source: 'p-orders@1-2' },
        });
        expect(await summarizeDeadLetters(admin.topics, queue())).toMatchObject({ count: 2, oldest: 2_000 });
        expect(await deadLetters()).toHaveLength(2);
      });

      it('are sent again byte for byte, in order, and deleted', async () => {
        for (let id = 0; id < 1_203; id += 1) await bury(id % 256);
        const report = await redriveDeadLetters(admin.topics, queue(), { allGroups: true, all: true });
        expect(report).toMatchObject({ redriven: 1_203, unfit: 0 });
        const sent = await entries('p-orders');
        expect(sent).toHaveLength(1_203);
        expect(sent.map((fields) => fields[fields.indexOf('id') + 1])).toEqual(
          Array.from({ length: 1_203 }, (_, index) => `id-${index % 256}`),
        );
        const fields = toEntryFields(event(7)).map((part) => Buffer.from(part).toString('latin1'));
        const inPairs = (list: readonly string[]) =>
          list.flatMap((name, index) => (index % 2 === 0 ? [`${name}=${list[index + 1]}`] : [])).sort();
        expect(inPairs(sent[7] ?? [])).toEqual([...inPairs(fields), 'dlq-redrives=1'].sort());
        expect(await client.xlen('p-orders.mail.dlq')).toBe(0);
      });

      it('that are written during a redrive are left for the next one', async () => {
        await bury(1);
        await bury(2);
        const report = await redriveDeadLetters(admin.topics, queue(), {
          allGroups: true,
          all: true,
          onProgress: () => void bury(3),
        });
        expect(report.redriven).toBe(2);
        await expect.poll(() => client.xlen('p-orders.mail.dlq')).toBe(2);
      });

      it('are purged alone', async () => {
        const [first, second] = [await bury(1), await bury(2)];
        expect(await purgeDeadLetters(admin.topics, queue(), { position: first })).toMatchObject({
          purged: 1,
        });
        expect((await deadLetters()).map(({ position }) => position)).toEqual([second]);
        await expect(purgeDeadLetters(admin.topics, queue(), { position: first })).rejects.toThrow(first);
      });

      it('are empty where there is no such stream', async () => {
        expect(await deadLetters()).toEqual([]);
        expect(await findDeadLetterQueues(admin.topics, 'orders')).toEqual([]);
      });
    });

    it('needs no more rights than the README grants', async () => {
      await client.call(
        'ACL',
        'SETUSER',
        'op',
        'reset',
        'on',
        '>secret',
        '~p-*',
        '-@all',
        ...documentedRights(),
      );
      await add(event(1));
      const position = await bury(2);
      await bury(3);
      await client.call('XGROUP', 'CREATE', 'p-orders', 'mail', '$');
      const url = server.url.replace(/\/\/(?:[^@]*@)?/, '//op:secret@');
      const env = { EVENT_BUS_REDIS_CONNECTION_URL: url, EVENT_BUS_TOPIC_PREFIX: 'p' };
      await using operator = new RedisEventBusAdmin(env);
      const { topics } = operator;
      expect(await findDeadLetterQueues(topics, 'orders')).toHaveLength(1);
      expect(await redriveDeadLetters(topics, queue(), { allGroups: true, position })).toMatchObject({
        redriven: 1,
      });
      expect(await purgeDeadLetters(topics, queue(), { all: true })).toMatchObject({ purged: 1 });
      const replayed = { topic: 'orders', groupId: 'mail', from: 'earliest' } as const;
      expect(await replayGroup(topics, replayed)).toMatchObject({ events: 2 });
      expect(await replayGroup(topics, { ...replayed, groupId: 'new', create: true })).toMatchObject({
        events: 2,
      });
      const unframed = topics.wireFormat.unframe({ ...event(1), topic: 'p-orders' });
      await expect(unframed).rejects.toThrow('is not in the hash p-openedx-events-schemas');
    });

    describe('replayGroup', () => {
      const ids: string[] = [];
      beforeEach(async () => {
        ids.length = 0;
        for (let id = 0; id < 4; id += 1) ids.push(await add(event(id)));
        await client.call('XGROUP', 'CREATE', 'p-orders', 'mail', '0');
      });
      const read = async (group: string, member: string) => {
        const reply = await client.xreadgroup('GROUP', group, member, 'STREAMS', 'p-orders', '>');
        const flat = (reply ?? []).flat() as unknown as readonly [string, readonly [string][]];
        return (flat[1] ?? []).map(([id]) => id);
      };
      const replay = (more: Pick<ReplayOptions, 'from'> & Partial<ReplayOptions>) =>
        replayGroup(admin.topics, { topic: 'orders', groupId: 'mail', ...more });
      const leave = (group: string, member: string) =>
        client.call('XGROUP', 'DELCONSUMER', 'p-orders', group, member);

      it('moves a group back to an entry, an event, a time or the start', async () => {
        const time = new Date(Number(ids[0]?.split('-')[0]));
        for (const [from, count] of [
          [{ position: ids[1] as string }, 3],
          [{ eventId: 'id-2' }, 2],
          [{ time }, 4],
          ['earliest', 4],
        ] as const) {
          await read('mail', 'm');
          await leave('mail', 'm');
          expect(await replay({ from })).toMatchObject({
            events: count,
            eventTypes: [['a.b', count]],
            lanes: [{ lane: 'p-orders', position: ids[4 - count], isMoved: true }],
          });
          expect(await read('mail', 'm')).toEqual(ids.slice(4 - count));
          await leave('mail', 'm');
        }
      });

      it('delivers entries that are pending for a member that is gone once, to the new one', async () => {
        await read('mail', 'm');
        const [pending] = (await client.xpending('p-orders', 'mail')) as [number];
        expect(pending).toBe(4);
        const moving = admin.topics.moveGroup('p-orders', 'mail', [ids[2] as string]);
        await moving;
        expect(await read('mail', 'n')).toEqual(ids.slice(2));
        const held = await client.call('XPENDING', 'p-orders', 'mail', '-', '+', '10');
        expect((held as [string, string][]).map(([id, member]) => [id, member])).toEqual([
          [ids[0], 'm'],
          [ids[1], 'm'],
          [ids[2], 'n'],
          [ids[3], 'n'],
        ]);
      });

      it('refuses while a member may be active, and creates a group only when asked to', async () => {
        await read('mail', 'm');
        await expect(replay({ from: 'earliest' })).rejects.toMatchObject({ code: 'EVENTS_ILLEGAL_STATE' });
        await leave('mail', 'm');
        await client.set('p-orders.mail.lease', 'someone');
        await expect(replay({ from: 'earliest' })).rejects.toThrow('1 of its members may be at work');
        await expect(replay({ from: 'earliest', groupId: 'new' })).rejects.toThrow('there is no group new');
        expect(
          await replay({ from: { position: ids[3] as string }, groupId: 'new', create: true }),
        ).toMatchObject({
          isNewGroup: true,
          events: 1,
        });
        expect(await read('new', 'm')).toEqual(ids.slice(3));
      });

      it('never moves a group forward', async () => {
        expect(await replay({ from: { position: ids[2] as string } })).toMatchObject({ events: 0 });
        expect(await read('mail', 'm')).toEqual(ids);
      });
    });
  });

/** The rights that the README grants a user for all of this. */
function documentedRights(): readonly string[] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, doctor = ''] = /^user doctor .*~dev-\* -@all (.*)$/m.exec(readme) ?? [];
  const [, more = ''] = /needs the rights of `doctor` with `([^`]+)` as well/.exec(readme) ?? [];
  return `${doctor} ${more}`.split(' ');
}
