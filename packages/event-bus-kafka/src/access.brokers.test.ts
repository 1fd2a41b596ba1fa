import { readFileSync } from 'node:fs';
import {
  type FakeSchemaRegistry,
  type KafkaServer,
  kafkaOrReason,
  makeTopics,
  startFakeSchemaRegistry,
} from '@openedx-ts/brokers';
import { configureEvents, type Producer } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import {
  deadLetterQueue,
  findDeadLetterQueues,
  purgeDeadLetters,
  redriveDeadLetters,
  replayGroup,
} from '@openedx-ts/events-core/operate';
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { ITEM, sendItem } from './item.test-support.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
  kafkajs;
const users = ['producer', 'consumer', 'doctor', 'operator', 'nobody', 'limited'] as const;
type User = (typeof users)[number];
const kafka = await kafkaOrReason({
  listeners: ['sasl-plaintext'],
  users: Object.fromEntries(users.map((user) => [user, `word-of-${user}`])),
  config: [
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users=User:ANONYMOUS',
  ],
});
const restore = snapshotSignals();

describe.skipIf(kafka.reason !== undefined)(
  kafka.titled('the rights that the README gives each role'),
  () => {
    let server: KafkaServer;
    let registry: FakeSchemaRegistry;
    let helper: Admin;
    beforeAll(async () => {
      registry = await startFakeSchemaRegistry();
      server = await kafka.start();
      const client = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING });
      helper = client.admin();
      await helper.connect();
      const topics = ['dev-orders', 'dev-other'].map((topic) => ({ topic, numPartitions: 2 }));
      await makeTopics(helper, topics);
      await helper.createAcls({ acl: users.flatMap((user) => rightsOf(user)) });
    });
    afterAll(async () => {
      restore();
      await helper.disconnect();
      await server[Symbol.asyncDispose]();
      await registry.stop();
    });

    const optionsOf = (user: User) => ({
      bootstrapServers: server.address('sasl-plaintext').bootstrapServers,
      schemaRegistry: { url: registry.url },
      sasl: { mechanism: 'plain' as const, username: user, password: `word-of-${user}` },
      topicPrefix: 'dev',
    });
    const settingsOf = (user: User) => ({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.address('sasl-plaintext').bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      EVENT_BUS_KAFKA_API_KEY: user,
      EVENT_BUS_KAFKA_API_SECRET: `word-of-${user}`,
      EVENT_BUS_KAFKA_TLS: 'false',
      EVENT_BUS_TOPIC_PREFIX: 'dev',
    });
    const send = (producer: Producer, number: number, topic = 'orders') => sendItem(producer, topic, number);

    it('are enough to send, to receive, and to write dead letters to a topic that has to be made', async () => {
      await using producer = new KafkaEventBusProducer(optionsOf('producer'));
      await using consumer = new KafkaEventBusConsumer({
        ...optionsOf('consumer'),
        topics: ['orders'],
        groupId: 'mail',
        maxAttempts: 1,
      });
      const received: number[] = [];
      using _connection = ITEM.connect(({ data }) => {
        received.push(data.item.number);
        if (data.item.number === 0) throw new Error('not this one');
      });
      const running = consumer.run();
      await consumer.ready;
      for (const number of [0, 1]) await send(producer, number);
      await expect.poll(() => received, { timeout: 60_000 }).toEqual([0, 1]);
      await expect.poll(() => helper.listTopics()).toContain('dev-orders.mail.dlq');
      await expect
        .poll(async () =>
          (await helper.fetchOffsets({ groupId: 'mail' }))[0]?.partitions.map((p) => p.offset).sort(),
        )
        .toEqual(['0', '2']);
      consumer.stop();
      await running;
    });

    it('let an operator see all there is to see, and nothing more', async () => {
      await using admin = new KafkaEventBusAdmin(settingsOf('doctor'));
      const lags = await admin.lag();
      expect(lags.map(({ topic, groupId, lag }) => ({ topic, groupId, lag }))).toEqual([
        { topic: 'orders', groupId: 'mail', lag: 0 },
        { topic: 'orders', groupId: 'mail', lag: 0 },
      ]);
      const findings = await admin.diagnose({ topics: ['orders'] });
      expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
      const texts = findings.map(({ subject, message }) => `${subject}: ${message}`);
      expect(texts).toContain('group mail on orders: all handled, members 0');
      expect(texts.join('\n')).toMatch(/topic orders: it keeps events for \d+ d/);
      const other = await admin.diagnose({ topics: ['other'] });
      expect(other.find(({ subject }) => subject === 'topic other')).toMatchObject({
        verdict: 'problem',
        message: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED'),
      });
    });

    it('let an operator send dead letters again, remove them, and set a group back', async () => {
      await using admin = new KafkaEventBusAdmin(settingsOf('operator'));
      const { topics } = admin;
      const [queue = deadLetterQueue(topics, { topic: 'none', groupId: 'none' })] =
        await findDeadLetterQueues(topics, 'orders');
      expect(queue.groupId).toBe('mail');
      expect(await redriveDeadLetters(topics, queue, { allGroups: true, all: true })).toMatchObject({
        redriven: 1,
        unfit: 0,
      });
      const offsets = await helper.fetchTopicOffsets('dev-orders.mail.dlq');
      expect(offsets.every(({ low, high }) => low === high)).toBe(true);
      await topics.write({ topic: 'dev-orders', key: Buffer.from('k'), value: null, headers: [] });
      const replay = { topic: 'orders', groupId: 'mail', from: 'earliest' } as const;
      expect(await replayGroup(topics, replay)).toMatchObject({ events: 4 });
      expect(await purgeDeadLetters(topics, queue, { all: true })).toMatchObject({ purged: 0 });
    });

    it('are needed: without them each is refused at once, and reports what is missing', async () => {
      await using producer = new KafkaEventBusProducer(optionsOf('producer'));
      await expect(send(producer, 2, 'other')).rejects.toMatchObject({
        code: 'EVENTS_PRODUCE_FAILED',
        fault: 'bus',
        cause: { code: 'EVENT_BUS_KAFKA_ACCESS', message: expect.stringContaining('ACL') },
      });
      const mail = { topics: ['orders'], groupId: 'mail' };
      await using outsider = new KafkaEventBusConsumer({ ...optionsOf('producer'), ...mail });
      await expect(outsider.run()).rejects.toMatchObject({
        code: 'EVENTS_CONSUMER_FAILED',
        cause: {
          code: 'EVENT_BUS_KAFKA_ACCESS',
          message: expect.stringContaining('GROUP_AUTHORIZATION_FAILED'),
        },
      });
      await using nobody = new KafkaEventBusConsumer({ ...optionsOf('nobody'), ...mail });
      const running = nobody.run(); // waits for its topic, and does not end
      await expect
        .poll(() => nobody.health().reasons.join(), { timeout: 60_000 })
        .toMatch(/topic dev-orders .*TOPIC_AUTHORIZATION_FAILED\): have an ACL added/);
      nobody.ready.catch(() => {});
      nobody.stop();
      await running;
      await using admin = new KafkaEventBusAdmin(settingsOf('nobody'));
      expect(await admin.lag()).toEqual([]);
    });

    describe('that lack one topic', () => {
      const received: string[] = [];
      const setUp = async (topics: readonly string[], group: string) => {
        await makeTopics(
          helper,
          topics.map((topic) => ({ topic: `dev-${topic}`, numPartitions: 1 })),
        );
        await helper.createAcls({
          acl: [
            ...topics.flatMap((topic) => [
              acl('producer', topic, 'WRITE'),
              acl('producer', topic, 'DESCRIBE'),
            ]),
            { ...acl('limited', '', 'READ'), resourceType: AclResourceTypes.GROUP, resourceName: group },
          ],
        });
      };
      const grant = (...acls: AclEntry[]) => helper.createAcls({ acl: acls });
      const revoke = (topic: string) =>
        helper.deleteAcls({
          filters: [{ ...acl('limited', topic, 'ANY'), permissionType: AclPermissionTypes.ANY }],
        });
      const consumerOf = (topics: readonly string[], groupId: string) =>
        new KafkaEventBusConsumer({
          ...{ ...optionsOf('limited'), topics, groupId, startFrom: 'earliest', maxAttempts: 1 },
          ...{ heartbeatIntervalMs: 200, maxWaitMs: 50, initialBackoffMs: 20, maxBackoffMs: 200 },
        });
      const collect = () => {
        received.length = 0;
        return ITEM.connect(({ data, fromEventBus }) => {
          if (!fromEventBus) return;
          if (data.item.number === 0) throw new Error('not this one');
          received.push(String(data.item.number));
        });
      };

      it('do not keep its consumer from the other topics, and the topic is read once it is granted', async () => {
        await setUp(['open', 'secret', 'seen'], 'some');
        await grant(acl('limited', 'open', 'READ'), acl('limited', 'seen', 'DESCRIBE'));
        await using producer = new KafkaEventBusProducer(optionsOf('producer'));
        await using consumer = consumerOf(['secret', 'seen', 'open'], 'some');
        using _connection = collect();
        const lines: string[] = [];
        const keep = (_facts: object, message: string) => void lines.push(message);
        using _log = configureEvents({ logger: { debug() {}, info() {}, warn: keep, error: keep } });
        const running = consumer.run();
        await send(producer, 1, 'open');
        await send(producer, 2, 'secret');
        await send(producer, 3, 'seen');
        await expect.poll(() => received, slow).toEqual(['1']);
        const reasons = () => consumer.health().reasons.join();
        await expect.poll(reasons, slow).toMatch(/dev-secret .*TOPIC_AUTHORIZATION_FAILED.*ACL/);
        await expect
          .poll(reasons, slow)
          .toMatch(/dev-seen:0 cannot be read: .*TOPIC_AUTHORIZATION_FAILED.*ACL/);
        await grant(acl('limited', 'secret', 'READ'), acl('limited', 'seen', 'READ'));
        await expect.poll(() => received.toSorted(), slow).toEqual(['1', '2', '3']);
        await expect.poll(() => consumer.health(), slow).toMatchObject({ ready: true });
        await revoke('secret'); // and is refused again while it is read
        await send(producer, 4, 'secret');
        await expect.poll(reasons, slow).toMatch(/TOPIC_AUTHORIZATION_FAILED/);
        await send(producer, 5, 'open');
        await expect.poll(() => received, slow).toContain('5');
        await expect.poll(() => committedOf('some', 'open'), slow).toBe('2');
        await grant(acl('limited', 'secret', 'READ'));
        await send(producer, 6, 'secret');
        await expect.poll(() => received.toSorted(), slow).toEqual(['1', '2', '3', '4', '5', '6']);
        await expect.poll(() => committedOf('some', 'secret'), slow).toBe('3');
        expect(lines.join()).not.toMatch(/created again/);
        consumer.stop();
        await running;
      });

      it('keep the events of a dead-letter topic waiting that may not be written, and no others', async () => {
        const deadLetters = ['waiting.some-dlq.dlq', 'written.some-dlq.dlq'];
        await setUp(['waiting', 'written', ...deadLetters], 'some-dlq');
        await grant(
          ...['waiting', 'written'].map((topic) => acl('limited', topic, 'READ')),
          acl('limited', deadLetters[1] as string, 'WRITE'),
        );
        await using producer = new KafkaEventBusProducer(optionsOf('producer'));
        await using consumer = consumerOf(['waiting', 'written'], 'some-dlq');
        using _connection = collect();
        const running = consumer.run();
        for (const number of [0, 1]) await send(producer, number, 'waiting');
        const reasons = () => consumer.health().reasons.join();
        await expect.poll(reasons, slow).toMatch(/waiting:0 waits: .*TOPIC_AUTHORIZATION_FAILED.*ACL/);
        for (const number of [0, 2]) await send(producer, number, 'written');
        await expect.poll(() => received, slow).toEqual(['2']);
        await grant(acl('limited', deadLetters[0] as string, 'WRITE'));
        await expect.poll(() => received, slow).toEqual(['2', '1']);
        await expect.poll(() => consumer.health(), slow).toMatchObject({ ready: true });
        consumer.stop();
        await running;
      });

      const committedOf = async (groupId: string, topic: string) =>
        (await helper.fetchOffsets({ groupId, topics: [`dev-${topic}`] }))[0]?.partitions[0]?.offset;
    });
  },
);

const slow = { timeout: 60_000 };

function acl(user: User, topic: string, operation: keyof typeof AclOperationTypes): AclEntry {
  return {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: `dev-${topic}`,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

/** The rights in the README's table, as kafkajs takes them. */
function rightsOf(user: User) {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const row = new RegExp(`^\\| ${user} \\| (.*) \\|$`, 'm').exec(readme)?.[1] ?? '';
  return [...row.matchAll(/`((?:--operation \w+ ?)+)(?:--(topic|group) ([\w.-]+))?`/g)].flatMap(
    ([, operations = '', kind = 'topic', name = 'dev-orders']) =>
      [...operations.matchAll(/--operation (\w+)/g)].map(([, operation = '']) => ({
        resourceType: kind === 'group' ? AclResourceTypes.GROUP : AclResourceTypes.TOPIC,
        resourceName: name,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: `User:${user}`,
        host: '*',
        operation: operationOf(operation),
        permissionType: AclPermissionTypes.ALLOW,
      })),
  );
}

function operationOf(name: string): number {
  const key = name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  const operation = (AclOperationTypes as unknown as Readonly<Record<string, number | undefined>>)[key];
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  return operation;
}
