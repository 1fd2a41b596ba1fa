import { readFileSync } from 'node:fs';
import {
  type FakeSchemaRegistry,
  type KafkaServer,
  kafkaOrReason,
  makeTopics,
  startFakeSchemaRegistry,
} from '@openedx-ts/brokers';
import type { Producer } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import {
  deadLetterQueue,
  findDeadLetterQueues,
  purgeDeadLetters,
  redriveDeadLetters,
  replayGroup,
} from '@openedx-ts/events-core/operate';
import kafkajs, { type Admin } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { ITEM, sendItem } from './item.test-support.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
  kafkajs;
const users = ['producer', 'consumer', 'doctor', 'operator', 'nobody'] as const;
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
      await expect.poll(() => received, { timeout: 15_000 }).toEqual([0, 1]);
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
      expect(await redriveDeadLetters(topics, queue, { all: true })).toMatchObject({ redriven: 1, unfit: 0 });
      const offsets = await helper.fetchTopicOffsets('dev-orders.mail.dlq');
      expect(offsets.every(({ low, high }) => low === high)).toBe(true);
      await topics.write({ topic: 'dev-orders', key: Buffer.from('k'), value: null, headers: [] });
      const replay = { topic: 'orders', groupId: 'mail', from: 'earliest' } as const;
      expect(await replayGroup(topics, replay)).toMatchObject({ events: 4 });
      expect(await purgeDeadLetters(topics, queue, { all: true })).toMatchObject({ purged: 0 });
    });

    it('are needed: without them each is refused at once, and says what is missing', async () => {
      await using producer = new KafkaEventBusProducer(optionsOf('producer'));
      await expect(send(producer, 2, 'other')).rejects.toMatchObject({
        code: 'EVENTS_PRODUCE_FAILED',
        cause: { code: 'EVENT_BUS_KAFKA_ACCESS', message: expect.stringContaining('ACL') },
      });
      for (const [user, right] of [
        ['nobody', 'TOPIC_AUTHORIZATION_FAILED'],
        ['producer', 'GROUP_AUTHORIZATION_FAILED'],
      ] as const) {
        await using consumer = new KafkaEventBusConsumer({
          ...optionsOf(user),
          topics: ['orders'],
          groupId: 'mail',
        });
        await expect(consumer.run()).rejects.toMatchObject({
          code: 'EVENTS_CONSUMER_FAILED',
          cause: { code: 'EVENT_BUS_KAFKA_ACCESS', message: expect.stringContaining(right) },
        });
      }
      await using admin = new KafkaEventBusAdmin(settingsOf('nobody'));
      expect(await admin.lag()).toEqual([]);
    });
  },
);

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
