import {
  type FakeSchemaRegistry,
  freePort,
  type KafkaServer,
  kafkaOrReason,
  makeTopics,
  startFakeSchemaRegistry,
} from '@openedx-ts/brokers';
import { schemaOf } from '@openedx-ts/events-avro';
import type { Environment } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import type { Finding, LagQuery } from '@openedx-ts/events-core/operate';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { KafkaDriver } from '../driver/kafka-driver.js';
import { ITEM } from '../item.test-support.js';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { GroupCommits } from './group-commits.js';
import { KafkaEventBusAdmin } from './kafka-event-bus-admin.js';

const login = { username: 'watcher', password: 'top-secret-word' };
const options = {
  own: true,
  numPartitions: 2,
  autoCreateTopics: false,
  listeners: ['sasl-plaintext'] as const,
  users: { [login.username]: login.password },
};
const kafkas = [
  { kafka: await kafkaOrReason(options), release: '4.0', title: 'KafkaEventBusAdmin' },
  {
    kafka: await kafkaOrReason({ ...options, edition: 'kafka-3.9' }),
    release: '3.9',
    title: 'KafkaEventBusAdmin with Kafka 3.9',
  },
];
const waiting = { timeout: 60_000, interval: 50 };
const restore = snapshotSignals();
afterAll(() => restore());

for (const { kafka, release, title } of kafkas)
  describe.skipIf(kafka.reason !== undefined)(kafka.titled(title), () => {
    let server: KafkaServer;
    let registry: FakeSchemaRegistry;
    let client: Kafka;
    let helper: Admin;
    let producer: Producer;
    let prefixes = 0;
    let prefix = '';
    beforeAll(async () => {
      server = await kafka.start();
      client = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING });
      helper = client.admin();
      producer = client.producer({ allowAutoTopicCreation: false });
      await Promise.all([helper.connect(), producer.connect()]);
    });
    afterAll(async () => {
      await Promise.all([helper.disconnect(), producer.disconnect()]);
      await server[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      prefixes += 1;
      prefix = `p${prefixes}`;
      registry = await startFakeSchemaRegistry();
      return () => registry.stop();
    });

    const env = (more: Environment = {}): Environment => ({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      EVENT_BUS_TOPIC_PREFIX: prefix,
      ...more,
    });
    const topic = async (name: string, config: Readonly<Record<string, string>> = {}, numPartitions = 2) => {
      const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
      await makeTopics(helper, [{ topic: `${prefix}-${name}`, numPartitions, configEntries }]);
    };
    const send = (name: string, partition: number, count: number, timestamp = Date.now()) =>
      producer.send({
        topic: `${prefix}-${name}`,
        messages: Array.from({ length: count }, () => ({
          partition,
          key: 'k',
          value: 'x',
          timestamp: String(timestamp),
        })),
      });
    const commit = async (groupId: string, name: string, offsets: Readonly<Record<number, number>>) => {
      const driver = new KafkaDriver(
        resolveProducerOptions({
          bootstrapServers: server.bootstrapServers,
          schemaRegistry: { url: registry.url },
        }),
      );
      const commits = Object.entries(offsets).map(([partition, offset]) => ({
        partition: Number(partition),
        offset,
      }));
      await driver.connect();
      await driver.refreshMetadata();
      await new GroupCommits(async () => driver).commit(groupId, `${prefix}-${name}`, commits);
      driver.close();
    };
    const deleteBefore = (name: string, partition: number, offset: number) =>
      vi.waitFor(async () => {
        const partitions = [{ partition, offset: String(offset) }];
        await helper.deleteTopicRecords({ topic: `${prefix}-${name}`, partitions });
      }, waiting);
    async function lag(query: LagQuery = {}, more: Environment = {}) {
      await using admin = new KafkaEventBusAdmin(env(more));
      return await admin.lag(query);
    }
    async function diagnose(query: LagQuery = {}, more: Environment = {}) {
      await using admin = new KafkaEventBusAdmin(env(more));
      return await admin.diagnose(query);
    }

    describe('lag', () => {
      it('reports what waits in each partition, since when, and what was deleted before it was handled', async () => {
        await topic('orders');
        await topic('other');
        await send('orders', 0, 10);
        await send('orders', 1, 4, Date.now() - 3_600_000);
        await commit('mail', 'orders', { 0: 10, 1: 1 });
        await commit('audit', 'orders', { 0: 2 });
        await deleteBefore('orders', 0, 5);
        const [audit0, audit1, mail0, mail1, ...others] = await lag();
        expect(others).toEqual([]);
        const common = { topic: 'orders', members: 0, pending: null };
        const [lane0, lane1] = [`${prefix}-orders:0`, `${prefix}-orders:1`];
        const [young, old] = [audit0?.oldestAgeMs, mail1?.oldestAgeMs];
        expect(audit0).toEqual({
          ...{ ...common, groupId: 'audit', lane: lane0, length: 5, lag: 5 },
          ...{ oldestAgeMs: young, distanceToTrim: -3 },
        });
        expect(young).toBeLessThan(60_000);
        expect(audit1).toMatchObject({ lane: lane1, length: 4, lag: 4, distanceToTrim: null });
        expect(mail0).toMatchObject({ groupId: 'mail', lag: 0, oldestAgeMs: 0, distanceToTrim: null });
        expect(mail1).toMatchObject({ lane: lane1, lag: 3 });
        expect(old).toBeGreaterThanOrEqual(3_600_000);
        expect(old).toBeLessThan(3_700_000);
        expect(await lag({ topics: ['orders'], groupId: 'audit' })).toHaveLength(2);
        expect(await lag({ topics: ['absent'] })).toEqual([]);
        expect(await helper.listTopics()).not.toContain(`${prefix}-absent`);
      });

      it('counts the members that read a topic, and leaves dead letters out', async () => {
        await topic('orders');
        await topic('orders.mail.dlq');
        await commit('mail', 'orders.mail.dlq', { 0: 0 });
        const consumer = client.consumer({ groupId: `${prefix}-mail`, maxWaitTimeInMs: 50 });
        await consumer.connect();
        await consumer.subscribe({ topic: `${prefix}-orders` });
        const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
        await consumer.run({ eachMessage: async () => {} });
        await joined;
        const lags = await lag();
        const findings = await diagnose();
        await consumer.disconnect();
        expect(lags).toMatchObject([
          { groupId: `${prefix}-mail`, members: 1, lag: 0 },
          { groupId: `${prefix}-mail`, members: 1, lag: 0 },
        ]);
        const group = textsOf(findings, `group ${prefix}-mail on orders`).join('\n');
        expect(group).toContain('warning: the group has no position on this topic');
        expect(group).toContain('warning: its members use another assignment protocol');
      });

      it('rejects when Kafka cannot be reached or refuses the user', async () => {
        const away = { EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}` };
        await expect(lag({}, away)).rejects.toMatchObject({ code: 'EVENTS_INFRASTRUCTURE' });
        await expect(lag({}, loginWith('wrong-word'))).rejects.toMatchObject({
          code: 'EVENT_BUS_KAFKA_ACCESS',
        });
      });
    });

    const loginWith = (password: string): Environment => ({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.address('sasl-plaintext').bootstrapServers,
      EVENT_BUS_KAFKA_API_KEY: login.username,
      EVENT_BUS_KAFKA_API_SECRET: password,
      EVENT_BUS_KAFKA_TLS: 'false',
    });

    describe('diagnose', () => {
      it('finds nothing wrong where nothing is', async () => {
        await topic('orders', { 'retention.ms': '172800000' });
        await topic('orders.mail.dlq');
        await send('orders', 0, 3);
        await commit('mail', 'orders', { 0: 3, 1: 0 });
        registry.register(`${prefix}-orders-string`, '"string"');
        registry.register(`${prefix}-orders-${ITEM.eventType}.CloudEvent`, schemaOf(ITEM).text);
        const findings = await diagnose({}, loginWith(login.password));
        expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
        expect(textsOf(findings, 'broker')).toEqual([
          expect.stringMatching(
            new RegExp(`^ok: 127.0.0.1:\\d+ \\(node \\d+\\) answers: Kafka ${release} or`),
          ),
        ]);
        expect(textsOf(findings, 'security')).toEqual(['ok: no TLS, login by PLAIN']);
        expect(textsOf(findings, 'topic orders')).toEqual([
          'ok: events: about 3, partitions: 2, groups: 1',
          'ok: it keeps events for 2 d',
        ]);
        expect(textsOf(findings, 'group mail on orders')).toEqual(['ok: all handled, members 0']);
        expect(textsOf(findings, 'schema registry')).toEqual([
          `ok: ${registry.url} answers`,
          'ok: its compatibility rule is BACKWARD',
        ]);
        expect(textsOf(findings, 'schemas of orders')).toEqual([
          `ok: event types: 1 (${ITEM.eventType})`,
          `ok: ${ITEM.eventType}: what is registered fits the definition here`,
        ]);
        expect(JSON.stringify(findings)).not.toContain(login.password);
        expect(JSON.stringify(findings)).not.toContain(login.username);
      });

      it('counts events that wait behind an open transaction of another producer, and reports that', async () => {
        await topic('orders', {}, 1);
        await send('orders', 0, 2);
        await commit('mail', 'orders', { 0: 2 });
        const other = client.producer({ transactionalId: prefix, idempotent: true, maxInFlightRequests: 1 });
        await other.connect();
        const transaction = await other.transaction();
        await transaction.send({ topic: `${prefix}-orders`, messages: [{ key: 'k', value: 'x' }] });
        await send('orders', 0, 2);
        expect(await lag()).toMatchObject([{ groupId: 'mail', lag: 3 }]);
        const findings = await diagnose();
        expect(textsOf(findings, 'topic orders')).toContain(
          'warning: about 3 events of partitions 0 wait behind an open transaction of a producer',
        );
        expect(textsOf(findings, 'group mail on orders').join()).not.toContain('all handled');
        await transaction.abort();
        await other.disconnect();
      });

      it('warns in one line of a foreign group whose id is invalid in a topic name, and shows all the rest', async () => {
        for (const name of ['orders', 'orders.eu', 'orders.mail.dlq']) await topic(name);
        await send('orders', 0, 3);
        const foreign = ['search:index', 'my group', 'team/app', 'größe', 'g'.repeat(240)];
        for (const groupId of [...foreign, 'mail', 'eu.mail'])
          await commit(groupId, 'orders', { 0: 3, 1: 0 });
        await commit('mail', 'orders.eu', { 0: 0, 1: 0 });
        const findings = await diagnose();
        for (const groupId of foreign)
          expect(
            findings.filter(({ subject, verdict }) => subject.includes(groupId) && verdict !== 'ok'),
          ).toEqual([expect.objectContaining({ subject: `group ${groupId} on orders`, verdict: 'warning' })]);
        expect(textsOf(findings, 'group mail on orders')).toEqual(['ok: all handled, members 0']);
        expect(textsOf(findings, `dead letters ${prefix}-orders.eu.mail.dlq`)[0]).toMatch(
          /^warning: it holds the dead letters of more than one group: /,
        );
      });

      it('finds what a group has lost, what it waits for, and where it has no position', async () => {
        await topic('orders', { 'retention.ms': '7200000' });
        await send('orders', 0, 5);
        await send('orders', 1, 4, Date.now() - 7_000_000);
        await commit('mail', 'orders', { 0: 1 });
        await commit('beyond', 'orders', { 0: 9, 1: 4 });
        await deleteBefore('orders', 0, 3);
        const findings = await diagnose();
        expect(textsOf(findings, 'group mail on orders')).toEqual([
          'problem: 2 events of partition 0 were deleted before the group had handled them: they are lost to it',
          'warning: it has no position on partition 1: members here begin with the first event there, 4 in all',
          'warning: waiting 6 and no member reads the topic',
          expect.stringMatching(
            /^warning: the topic keeps events for 2 h: the oldest .* deleted in (?:\d min|\d+ s)/,
          ),
        ]);
        expect(textsOf(findings, 'group beyond on orders')[0]).toMatch(
          /^problem: its position on partition 0 is behind the last event/,
        );
        for (const groupId of ['beyond', 'mail'])
          expect(textsOf(findings, `dead letters ${prefix}-orders.${groupId}.dlq`)).toEqual([
            'warning: the topic does not exist and brokers do not create it: an event that is dead-lettered blocks its partition',
          ]);
        const missing = await diagnose({ topics: ['orders'], groupId: 'mial' });
        expect(textsOf(missing, 'topic orders')).toContain('warning: it has no group mial');
      });

      it('misses neither schemas nor dead letters of a retry topic, which are those of its source', async () => {
        await topic('orders.mail.retry');
        await send('orders.mail.retry', 0, 2);
        await commit('mail', 'orders.mail.retry', { 0: 2, 1: 0 });
        const findings = await diagnose({ topics: ['orders.mail.retry'] });
        const texts = findings.map(({ subject, message }) => `${subject}: ${message}`).join('\n');
        expect(texts).toContain('group mail on orders.mail.retry: all handled');
        expect(texts).not.toMatch(/schemas of|retry\.mail\.dlq/);
      });

      it('finds topics that are missing, unread, or keep too little, and dead letters, each with a cure', async () => {
        await topic('orders', { 'cleanup.policy': 'compact', 'max.message.bytes': '1000' });
        await topic('orders.mail.dlq');
        await send('orders', 0, 1);
        await send('orders.mail.dlq', 0, 2);
        const all = await diagnose();
        expect(textsOf(all, 'topic orders')).toEqual([
          'warning: events: about 1, and nobody consumes them',
          'warning: cleanup.policy is compact: of the events of one key only the last is kept',
          'warning: it takes messages up to 1000 bytes, and producers make them up to 1000000',
        ]);
        expect(textsOf(all, `dead letters ${prefix}-orders.mail.dlq`)).toEqual([
          'warning: events dead-lettered: 2',
        ]);
        expect(all.every(({ verdict, cure }) => (verdict === 'ok') === (cure === undefined))).toBe(true);
        const named = await diagnose({ topics: ['order', 'mail'] });
        expect(cureOf(named, 'topic order')).toMatch(/^did you mean orders\?/);
        expect(textsOf(named, 'topic mail')).toEqual([
          `warning: there is no topic ${prefix}-mail: consumers wait for it`,
        ]);
        const elsewhere = await diagnose({ topics: ['orders'] }, { EVENT_BUS_TOPIC_PREFIX: 'elsewhere' });
        expect(cureOf(elsewhere, 'topic orders')).toMatch(
          /^is EVENT_BUS_TOPIC_PREFIX right\? There it is p\d/,
        );
        const none = await diagnose({}, { EVENT_BUS_TOPIC_PREFIX: 'elsewhere' });
        expect(textsOf(none, 'topics')).toEqual([
          'warning: there is no topic whose name begins with elsewhere- that may be seen',
        ]);
      });

      it('finds a registry that accepts anything, knows nothing of a topic, or holds what does not fit', async () => {
        await registry.stop();
        registry = await startFakeSchemaRegistry({ compatibility: 'NONE' });
        await topic('orders');
        await topic('mails');
        const other = schemaOf(ITEM).text.replaceAll('"number"', '"count"');
        registry.register(`${prefix}-orders-${ITEM.eventType}.CloudEvent`, other);
        const findings = await diagnose();
        expect(textsOf(findings, 'schema registry')[1]).toMatch(/^warning: its compatibility rule is NONE/);
        expect(textsOf(findings, 'schemas of mails')).toEqual([
          `warning: no event type is registered for ${prefix}-mails`,
        ]);
        expect(textsOf(findings, 'schemas of orders')[1]).toMatch(
          new RegExp(`^problem: ${ITEM.eventType} is registered in a form that does not fit .*item\\.number`),
        );
      });

      it.each([
        ['away', 'cannot be reached', true],
        ['garbage', 'does not answer as a schema registry does', true],
        ['something else', 'is no schema registry', undefined],
        ['login', 'refuses us (401)', undefined],
      ])('finds a registry that is no use: %s', async (what, text, isUnreachable) => {
        await topic('orders');
        if (what === 'away') await registry.stop();
        if (what === 'garbage') registry.fail({ body: '<html>' });
        if (what === 'something else') registry.fail({ body: '{"hello": "world"}' });
        if (what === 'login') registry.fail({ status: 401 });
        const findings = await diagnose({ topics: ['orders'] });
        expect(findings.at(-1)).toMatchObject({
          subject: 'schema registry',
          verdict: 'problem',
          message: expect.stringContaining(text),
        });
        expect(findings.at(-1)?.isUnreachable).toBe(isUnreachable);
        expect(textsOf(findings, 'topic orders')[0]).toMatch(/^ok/);
      });

      it('checks the registry also while Kafka is unreachable', async () => {
        const away = { EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}` };
        const findings = await diagnose({ topics: ['orders'] }, away);
        expect(findings.find(({ subject }) => subject === 'broker')).toMatchObject({
          verdict: 'problem',
          isUnreachable: true,
          message: expect.stringContaining('ECONNREFUSED'),
        });
        expect(textsOf(findings, 'schemas of orders')).toHaveLength(1);
      });

      it('ends with a problem, and without the password, where the login is wrong', async () => {
        const findings = await diagnose({}, loginWith('wrong-word'));
        expect(textsOf(findings, 'broker')).toEqual([
          expect.stringMatching(/^problem: .*refuses the credentials/),
        ]);
        expect(JSON.stringify(findings)).not.toContain('wrong-word');
      });
    });
  });

describe('KafkaEventBusAdmin without a broker', () => {
  it('explains settings, and names the one that was meant', async () => {
    await using admin = new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVER: 'kafka:9092',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'https://registry:8081',
      EVENT_BUS_KAFKA_API_KEY: 'a-user',
      EVENT_BUS_KAFKA_CONSUMERS_ENABLED: 'False',
      EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT: 'long',
    });
    const findings = await admin.diagnose();
    expect(findings.map(({ verdict, message, cure }) => `${verdict}: ${message} (${cure ?? '-'})`)).toEqual([
      'ok: EVENT_BUS_KAFKA_API_KEY is understood: the user of the login; with it TLS is on (-)',
      'warning: EVENT_BUS_KAFKA_BOOTSTRAP_SERVER is no setting of this bus (did you mean EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS?)',
      'warning: EVENT_BUS_KAFKA_CONSUMERS_ENABLED is off: consumers of this bus do not run (set it to true)',
      'problem: EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT is malformed (it must be a number of seconds, 0 or more, such as 1.5)',
      'ok: EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL is understood: where schemas are (-)',
      'problem: EVENT_BUS_KAFKA_API_SECRET is missing beside the key (set it)',
      'problem: EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS is not set (set it to host:port of some brokers, such as localhost:9092)',
    ]);
    expect(JSON.stringify(findings)).not.toContain('a-user');
  });

  it('does not call a malformed setting of producers understood', async () => {
    await using admin = new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: '',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'https://registry:8081',
      EVENT_BUS_KAFKA_COMPRESSION: 'brotli',
      EVENT_BUS_KAFKA_IDEMPOTENT: 'perhaps',
    });
    const problems = (await admin.diagnose()).filter(({ verdict }) => verdict === 'problem');
    expect(problems.map(({ message }) => message)).toEqual([
      'EVENT_BUS_KAFKA_COMPRESSION is malformed',
      'EVENT_BUS_KAFKA_IDEMPOTENT is malformed',
      'EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS is not set',
    ]);
  });

  it('refuses credentials in the clear, and a URL with a password, without showing it', async () => {
    await using admin = new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'kafka.example.com:9092',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'https://user:top-secret@registry:8081',
      EVENT_BUS_KAFKA_API_KEY: 'a-user',
      EVENT_BUS_KAFKA_API_SECRET: 'top-secret',
      EVENT_BUS_KAFKA_TLS: 'false',
    });
    const last = (await admin.diagnose()).at(-1);
    expect(last).toMatchObject({ subject: 'settings', verdict: 'problem' });
    expect(last?.message).toMatch(
      /EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: must have no user and password.*in the clear/,
    );
    expect(JSON.stringify(last)).not.toContain('top-secret');
    await expect(admin.lag()).rejects.toMatchObject({ code: 'EVENTS_INVALID_OPTIONS' });
  });
});

function textsOf(findings: readonly Finding[], subject: string): readonly string[] {
  return findings
    .filter((finding) => finding.subject === subject)
    .map(({ verdict, message }) => `${verdict}: ${message}`);
}

function cureOf(findings: readonly Finding[], subject: string): string | undefined {
  return findings.findLast((finding) => finding.subject === subject)?.cure;
}
