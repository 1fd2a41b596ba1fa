import { kafkaOrReason } from '@openedx-ts/brokers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeAssignment, encodeSubscription } from './driver/consumer-protocol.js';
import type { GroupCoordinator } from './driver/group-coordinator.js';
import { KafkaDriver } from './driver/kafka-driver.js';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { resolveProducerOptions } from './options/kafka-options.js';

const kafka = await kafkaOrReason({ own: true });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('a group with members of other programs'), () => {
  const bench = new KafkaBench(kafka);
  const drivers: KafkaDriver[] = [];

  afterEach(async () => {
    for (const driver of drivers.splice(0)) driver.close();
  });

  async function coordinatorOf(topic: string): Promise<GroupCoordinator> {
    const { bootstrapServers } = bench.server;
    const driver = new KafkaDriver(
      resolveProducerOptions({ bootstrapServers, schemaRegistry: { url: bench.registry.url } }),
    );
    drivers.push(driver);
    await driver.connect();
    return driver.coordinatorOf(`group-of-${topic}`);
  }

  async function join(coordinator: GroupCoordinator, metadata: Buffer) {
    const groupProtocols = [{ name: 'range', metadata }];
    const times = { sessionTimeout: 30_000, rebalanceTimeout: 30_000 };
    return vi.waitFor(
      () => coordinator.joinGroup({ ...times, memberId: '', groupProtocols }, 40_000),
      patient,
    );
  }

  it.each([
    ['subscribes to a topic of an invalid name', encodeSubscription(['my topic', 'x'.repeat(300)])],
    ['subscribes to a topic that does not exist', encodeSubscription(['not-there'])],
    ['joins with no metadata', Buffer.alloc(0)],
    ['joins with metadata that cannot be decoded', Buffer.from('hello')],
  ])('goes on as its leader while another member %s', async (_, metadata) => {
    const topic = await bench.newTopic(2);
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic);
    void consumer.run();
    await consumer.ready;
    const coordinator = await coordinatorOf(topic);
    const { generationId, memberId, leaderId } = await join(coordinator, metadata);
    expect(leaderId).not.toBe(memberId);
    const share = await coordinator.syncGroup({ generationId, memberId, groupAssignment: [] }, 10_000);
    expect(share).toEqual(encodeAssignment(new Map()));
    const producer = bench.newProducer();
    for (const number of [1, 2]) await sendItem(producer, topic, number, `key-${number}`);
    await vi.waitFor(() => expect(arrived.toSorted()).toEqual([1, 2]), patient);
    expect(consumer.health()).toEqual({ live: true, ready: true, reasons: [] });
  });

  it.each([
    ['that does not exist', new Map([['items', [0, 9]]]), [1], /items-\d+ \(1 of 2\)/],
    [
      'of a topic that was not asked for',
      new Map([
        ['items', [0]],
        ['secret', [0]],
      ]),
      [1],
      /secret \(1 of 1\)/,
    ],
    ['in bytes that cannot be decoded', undefined, [], /cannot be read/],
  ])('reads what it can where the leader assigns a partition %s', async (_, assigned, numbers, reason) => {
    const topic = await bench.newTopic(1);
    const coordinator = await coordinatorOf(topic);
    const first = await join(coordinator, encodeSubscription([topic]));
    await coordinator.syncGroup(
      { generationId: first.generationId, memberId: first.memberId, groupAssignment: [] },
      10_000,
    );
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic);
    void consumer.run();
    await vi.waitFor(
      () =>
        expect(
          coordinator.heartbeat({
            groupId: coordinator.groupId,
            generationId: first.generationId,
            memberId: first.memberId,
          }),
        ).rejects.toThrow(/REBALANCE_IN_PROGRESS/),
      patient,
    );
    const groupProtocols = [{ name: 'range', metadata: encodeSubscription([topic]) }];
    const again = await coordinator.joinGroup(
      { sessionTimeout: 30_000, rebalanceTimeout: 30_000, memberId: first.memberId, groupProtocols },
      40_000,
    );
    expect(again.leaderId).toBe(first.memberId);
    const named =
      assigned && new Map(Array.from(assigned, ([name, ids]) => [name === 'items' ? topic : name, ids]));
    const memberAssignment =
      named === undefined ? Buffer.from('00007fffffff', 'hex') : encodeAssignment(named);
    const groupAssignment = again.members
      .filter(({ memberId }) => memberId !== first.memberId)
      .map(({ memberId }) => ({ memberId, memberAssignment }));
    await coordinator.syncGroup(
      { generationId: again.generationId, memberId: first.memberId, groupAssignment },
      10_000,
    );
    await sendItem(bench.newProducer(), topic, 1);
    await vi.waitFor(() => expect(consumer.health().reasons.join()).toMatch(reason), patient);
    await vi.waitFor(() => expect(arrived).toEqual(numbers), patient);
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
  });

  it('reads the topics that exist while another is missing, names that, and reads it once it is created', async () => {
    const topic = await bench.newTopic();
    const missing = `${topic}-missing`;
    const producer = bench.newProducer();
    await sendItem(producer, topic, 1);
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic, { topics: [missing, topic] });
    void consumer.run();
    await vi.waitFor(() => expect(arrived).toEqual([1]), patient);
    expect(consumer.health().reasons).toEqual([expect.stringMatching(`topic ${missing} does not exist yet`)]);
    await bench.makeTopic(missing, {});
    await sendItem(producer, missing, 2);
    await vi.waitFor(() => expect(arrived).toEqual([1, 2]), patient);
    await vi.waitFor(() => expect(consumer.health().ready).toBe(true), patient);
  });
});
