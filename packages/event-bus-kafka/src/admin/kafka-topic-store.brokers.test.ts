import {
  type FakeSchemaRegistry,
  freePort,
  type KafkaServer,
  kafkaOrReason,
  makeTopics,
  startFakeSchemaRegistry,
  startFaultProxy,
} from '@openedx-ts/brokers';
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
} from '@openedx-ts/events-core/operate';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KafkaDriver } from '../driver/kafka-driver.js';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { readTopic } from '../topic-reader.test-support.js';
import { GroupCommits } from './group-commits.js';
import { KafkaEventBusAdmin } from './kafka-event-bus-admin.js';

const kafka = await kafkaOrReason({ numPartitions: 2, autoCreateTopics: false });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('KafkaTopicStore'), () => {
  let server: KafkaServer;
  let registry: FakeSchemaRegistry;
  let client: Kafka;
  let helper: Admin;
  let admin: KafkaEventBusAdmin;
  let tests = 0;
  let topic = '';
  beforeAll(async () => {
    [server, registry] = await Promise.all([kafka.start(), startFakeSchemaRegistry()]);
    client = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING });
    helper = client.admin();
    await helper.connect();
  });
  afterAll(async () => {
    await helper.disconnect();
    await registry.stop();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    tests += 1;
    topic = `orders-${process.pid}-${tests}`;
    const topics = [full(), `${full()}.mail.dlq`].map((name) => ({ topic: name, numPartitions: 2 }));
    await makeTopics(helper, topics);
    admin = newAdmin();
  });
  afterEach(() => admin.close());

  const newAdmin = () =>
    new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      EVENT_BUS_TOPIC_PREFIX: 'p',
    });
  const full = () => `p-${topic}`;
  const queue = () => deadLetterQueue(admin.topics, { topic, groupId: 'mail' });
  const event = (id: number): Message => ({
    topic: full(),
    key: Buffer.from(`key-${id % 3}`),
    value: id === 4 ? null : Uint8Array.of(0xff, id),
    headers: [
      ['ce_type', Buffer.from('a.b')],
      ['ce_id', Buffer.from(`id-${id}`)],
      ['twice', Uint8Array.of(0xff)],
      ['twice', Uint8Array.of(id)],
      ['null', null],
      ['empty', new Uint8Array(0)],
    ],
  });
  const bury = (id: number, code = 'RECEIVER_FAILED') =>
    admin.topics.write(
      toDeadLetter(event(id), {
        ...{ code, message: 'broken', attempts: 3, groupId: 'mail', source: `${full()}@0:${id}` },
        firstFailure: new Date(1_000),
        lastFailure: new Date(2_000),
      }),
    );
  const deadLetterIds = async (from = admin) => {
    const found: DeadLetter[] = [];
    for await (const letter of readDeadLetters(from.topics, queue())) found.push(letter);
    return found.map(({ eventId }) => eventId).sort();
  };
  const firstOffsets = async (name: string) =>
    (await helper.fetchTopicOffsets(name)).map(({ low }) => Number(low)).reduce((sum, low) => sum + low, 0);

  it('reads a topic to its end though the broker deletes its oldest records meanwhile', async () => {
    const producer = client.producer();
    await producer.connect();
    const messages = [0, 1, 1, 1].map((partition) => ({ partition, value: 'x' }));
    await producer.send({ topic: full(), messages });
    await producer.disconnect();
    const positions: string[] = [];
    for await (const page of admin.topics.read(full())) {
      positions.push(...page.map(({ position }) => position));
      if (positions.length === 1)
        await helper.deleteTopicRecords({ topic: full(), partitions: [{ partition: 1, offset: '2' }] });
    }
    expect(positions).toEqual(['0:0', '1:2']);
  });

  it('shows dead letters although a forged mark states that all offsets were removed', async () => {
    await bury(1);
    const { bootstrapServers } = server;
    const driver = new KafkaDriver(
      resolveProducerOptions({ bootstrapServers, schemaRegistry: { url: registry.url } }),
    );
    await driver.connect();
    const partitions = [0, 1].map((partition) => ({
      partition,
      offset: partition === 0 ? 0 : 999_999,
      metadata: 'removed/1 0-zzzzzzzzzzz',
    }));
    await new GroupCommits(async () => driver).commit(
      'p-openedx-events-dlq',
      `${full()}.mail.dlq`,
      partitions,
    );
    driver.close();
    const found: DeadLetter[] = [];
    for await (const letter of readDeadLetters(admin.topics, queue())) found.push(letter);
    expect(found).toHaveLength(1);
  });

  it('reads no dead letters of a group whose id is invalid in a topic name', async () => {
    const odd = deadLetterQueue(admin.topics, { topic, groupId: 'search:index' });
    const found: DeadLetter[] = [];
    for await (const letter of readDeadLetters(admin.topics, odd)) found.push(letter);
    expect(found).toEqual([]);
  });

  it('sends dead letters again as they were, in order of their key, and shows them no more', async () => {
    for (let id = 0; id < 12; id += 1) await bury(id);
    expect((await findDeadLetterQueues(admin.topics, topic)).map(({ groupId }) => groupId)).toEqual(['mail']);
    expect(await deadLetterIds()).toHaveLength(12);
    expect(await redriveDeadLetters(admin.topics, queue(), { allGroups: true, all: true })).toMatchObject({
      redriven: 12,
    });
    const sent = await readTopic(server.bootstrapServers, full(), 12);
    const idOf = ({ headers }: Message) => Number(String(headers[1]?.[1]).slice(3));
    for (const message of sent) {
      const { key, value, headers } = event(idOf(message));
      expect({ key: message.key, value: message.value && Uint8Array.from(message.value) }).toEqual({
        key,
        value,
      });
      const lists = (all: Message['headers']) => all.map(([name, bytes]) => [name, bytes && [...bytes]]);
      expect(lists(message.headers)).toEqual(lists([...headers, ['dlq-redrives', Buffer.from('1')]]));
    }
    for (const rest of [0, 1, 2]) {
      const ids = sent.map(idOf).filter((id) => id % 3 === rest);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
    expect(await deadLetterIds()).toEqual([]);
    expect(await firstOffsets(queue().deadLetterTopic)).toBe(12);
  });

  it('removes nothing from a topic of events', async () => {
    await admin.topics.write(event(1));
    const removing = admin.topics.remove(full(), ['0:0'], 'purged');
    await expect(removing).rejects.toThrow(`${full()} is no dead-letter topic`);
    expect(await firstOffsets(full())).toBe(0);
  });

  it('remembers those that were dealt with between others', async () => {
    for (let id = 0; id < 9; id += 1) await bury(id, id % 2 === 1 ? 'ODD' : 'EVEN');
    await redriveDeadLetters(admin.topics, queue(), { allGroups: true, code: 'ODD' });
    expect(await deadLetterIds()).toEqual(['id-0', 'id-2', 'id-4', 'id-6', 'id-8']);
    await using other = newAdmin();
    expect(await deadLetterIds(other)).toEqual(['id-0', 'id-2', 'id-4', 'id-6', 'id-8']);
    expect(await purgeDeadLetters(other.topics, queue(), { all: true })).toMatchObject({ purged: 5 });
    expect(await deadLetterIds()).toEqual([]);
    expect(await firstOffsets(queue().deadLetterTopic)).toBe(9);
    await bury(9);
    expect(await deadLetterIds()).toEqual(['id-9']);
  });

  it('forgets none of those that are dealt with at the same time', async () => {
    for (let id = 0; id < 9; id += 1) await bury(id, id % 2 === 1 ? 'ODD' : 'EVEN');
    await purgeDeadLetters(admin.topics, queue(), { eventId: 'id-8' });
    await Promise.all([
      redriveDeadLetters(admin.topics, queue(), { allGroups: true, code: 'ODD' }),
      ...['id-2', 'id-4', 'id-6'].map((eventId) => purgeDeadLetters(admin.topics, queue(), { eventId })),
    ]);
    expect(await deadLetterIds()).toEqual(['id-0']);
  });

  it('looks again once a Kafka that was not there has come', async () => {
    const port = await freePort();
    await using early = new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}`,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    });
    const group = () => early.topics.groupProgress(full(), 'nobody');
    for (const _ of [1, 2]) {
      await expect(early.topics.topicNames()).rejects.toMatchObject({ code: 'EVENTS_INFRASTRUCTURE' });
      await expect(group()).rejects.toMatchObject({ code: 'EVENTS_INFRASTRUCTURE' });
    }
    await using _proxy = await startFaultProxy({ target: server, port });
    expect(await early.topics.topicNames()).toContain(full());
    expect(await group()).toBeUndefined();
  });

  it('reads nothing where there is no such topic, and refuses what is no position', async () => {
    const missing = deadLetterQueue(admin.topics, { topic, groupId: 'other' });
    for await (const letter of readDeadLetters(admin.topics, missing)) expect(letter).toBeUndefined();
    for (const position of ['x', '0:99', '7:0'])
      await expect(purgeDeadLetters(admin.topics, queue(), { position })).rejects.toMatchObject({
        code: 'EVENTS_INVALID_OPTIONS',
      });
  });

  describe('replayGroup', () => {
    const replay = (more: Pick<ReplayOptions, 'from'> & Partial<ReplayOptions>) =>
      replayGroup(admin.topics, { topic, groupId: `g-${topic}`, ...more });
    const committed = async () => {
      const found = await helper.fetchOffsets({ groupId: `g-${topic}`, topics: [full()] });
      return found[0]?.partitions.map(({ offset }) => Number(offset));
    };
    const sentIn = new Map<string, string>();
    beforeEach(async () => {
      sentIn.clear();
      for (let id = 0; id < 9; id += 1) sentIn.set(`id-${id}`, await admin.topics.write(event(id)));
    });

    it('makes a group, and sets it back by position, event, time and altogether', async () => {
      await expect(replay({ from: 'earliest' })).rejects.toThrow('there is no group');
      const ends = (await helper.fetchTopicOffsets(full()))
        .sort((a, b) => a.partition - b.partition)
        .map(({ high }) => Number(high));
      const [partition = 0, offset = 0] = (sentIn.get('id-8') ?? '').split(':').map(Number);
      expect(await replay({ from: { position: `${partition}:${offset}` }, create: true })).toMatchObject({
        isNewGroup: true,
        events: (ends[partition] ?? 0) - offset,
      });
      expect(await committed()).toEqual(ends.map((end, index) => (index === partition ? offset : end)));
      const [other = 0, first = 0] = (sentIn.get('id-0') ?? '').split(':').map(Number);
      await replay({ from: { eventId: 'id-0' } });
      expect((await committed())?.[other]).toBe(first);
      expect(await replay({ from: { time: new Date(0) }, dryRun: true })).toMatchObject({ isDryRun: true });
      const report = await replay({ from: 'earliest' });
      expect(report.lanes.reduce((sum, { events }) => sum + events, 0)).toBe(9);
      expect(await committed()).toEqual([0, 0]);
      await expect(replay({ from: { time: new Date('2999-01-01') } })).rejects.toThrow('holds nothing');
    });

    it('refuses while members are there', async () => {
      const consumer = client.consumer({ groupId: `g-${topic}` });
      await consumer.connect();
      await consumer.subscribe({ topic: full(), fromBeginning: true });
      const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
      await consumer.run({ eachMessage: async () => {} });
      await joined;
      await expect(replay({ from: 'earliest' })).rejects.toMatchObject({ code: 'EVENTS_ILLEGAL_STATE' });
      await expect(admin.topics.moveGroup(full(), `g-${topic}`, ['0:0'])).rejects.toMatchObject({
        code: 'EVENTS_ILLEGAL_STATE',
      });
      await consumer.disconnect();
    });
  });
});
