import { kafkaClusterOrReason } from '@openedx-ts/brokers';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventBus } from './event-bus.js';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';

const kafka = await kafkaClusterOrReason();

describe.skipIf(kafka.reason !== undefined)(
  kafka.titled('consumers and operators of a Kafka cluster'),
  () => {
    const bench = new KafkaBench(kafka);
    let topics = 0;
    let topic: string;
    beforeEach(() => {
      topics += 1;
      topic = `spread-${topics}`;
    });
    /** Registers a test in `npm run test:full` only: each kill of a node takes its restart, too. */
    const inFull = (title: string, test: () => Promise<void>) => {
      if (process.env.TEST_SIZE === 'short') it(title, test);
    };
    const dead: number[] = [];
    afterEach(() => revive());

    async function kill(id: number): Promise<void> {
      dead.push(id);
      await bench.server.node(id).kill();
    }

    async function revive(): Promise<void> {
      for (const id of dead.splice(0)) await bench.server.node(id).start();
      await bench.server.untilInSync();
    }

    function newAdmin(): EventBusAdmin {
      const admin = eventBus.createAdmin?.({
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bench.server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: bench.registry.url,
      });
      return bench.opened(admin as EventBusAdmin);
    }

    /** Sends an event to each partition; returns their numbers by partition. */
    async function sendToEach(count: number): Promise<Map<number, number>> {
      const producer = bench.newProducer();
      const byPartition = new Map<number, number>();
      for (let number = 0; byPartition.size < count; number += 1) {
        const { position } = await sendItem(producer, topic, number, `key-${number}`);
        byPartition.set(Number(position.split(':')[0]), number);
      }
      return byPartition;
    }

    it('reads the partitions that have a leader, and names the one that has none', async () => {
      await bench.server.createTopic({ topic, replicas: [[1], [2], [3]] });
      const sent = await sendToEach(3);
      await kill(3);
      await bench.server.untilPartitions(topic, (partitions) => partitions[2]?.leader === -1);
      const arrived = bench.collect();
      const consumer = bench.newConsumer(topic);
      void consumer.run();
      await vi.waitFor(() => expect(arrived).toContain(sent.get(0)), patient);
      await vi.waitFor(() => expect(arrived).toContain(sent.get(1)), patient);
      await vi.waitFor(
        () =>
          expect(consumer.health().reasons).toEqual([
            expect.stringContaining(`${topic}: partition 2 has no leader`),
          ]),
        patient,
      );
      expect(consumer.health()).toMatchObject({ live: true, ready: false });
      const excusing = bench.newConsumer(topic, {
        groupId: `${topic}-2`,
        startFrom: 'resume',
        unreadyWithoutLeader: false,
      });
      void excusing.run();
      await vi.waitFor(() => {
        expect(excusing.health().reasons.join()).toContain('partition 2 has no leader');
        expect(excusing.health().ready).toBe(true);
      }, patient);
      await excusing.stop();
      await revive();
      await vi.waitFor(() => expect(arrived).toContain(sent.get(2)), patient);
      expect(new Set(arrived).size).toBe(arrived.length);
      await vi.waitFor(() => expect(consumer.health()).toMatchObject({ ready: true, reasons: [] }), patient);
    });

    it('accepts events of the other partitions while one has no leader, however many wait for that', async () => {
      await bench.server.createTopic({ topic, replicas: [[1], [2], [3]] });
      const producer = bench.newProducer({ maxBatchSize: 10 });
      const keys: string[] = [];
      for (let number = 0; Object.keys(keys).length < 3; number += 1) {
        const { position } = await sendItem(producer, topic, number, `key-${number}`);
        keys[Number(position.split(':')[0])] ??= `key-${number}`;
      }
      await kill(3);
      await bench.server.untilPartitions(topic, (partitions) => partitions[2]?.leader === -1);
      const accepted: number[] = [];
      const waiting = Array.from({ length: 30 }, async (_, number) => {
        await sendItem(producer, topic, number, keys[2]);
        accepted.push(number);
      });
      for (let round = 0; round < 5; round += 1)
        await Promise.all([0, 1].map((partition) => sendItem(producer, topic, round, keys[partition])));
      expect(accepted).toEqual([]);
      expect(producer.health().reasons).toEqual([expect.stringContaining('partition 2 has no leader')]);
      await revive();
      await Promise.all(waiting);
      expect(accepted).toEqual(Array.from({ length: 30 }, (_, number) => number));
      expect(producer.health()).toMatchObject({ ready: true, reasons: [] });
    });

    inFull(
      'reports the lag of the other partitions right after a broker was killed, and that one has no leader later',
      async () => {
        await bench.server.createTopic({ topic, replicas: [[1], [2], [3]] });
        await sendToEach(3);
        bench.collect();
        const consumer = bench.newConsumer(topic);
        void consumer.run();
        const admin = newAdmin();
        const lags = async () => (await admin.lag({ topics: [topic] })).map(({ lag }) => lag);
        await vi.waitFor(async () => expect(await lags()).toEqual([0, 0, 0]), patient);
        await consumer.stop();
        await kill(3);
        expect(await lags()).toEqual([0, 0, null]);
        await bench.server.untilPartitions(topic, (partitions) => partitions[2]?.leader === -1);
        expect(await lags()).toEqual([0, 0, null]);
        const findings = (await admin.diagnose({ topics: [topic] })).map(({ message }) => message);
        expect(findings.join('\n')).toContain('no broker leads partition 2');
        await revive();
        await bench.server.untilInSync();
      },
    );

    inFull(
      'goes on with other partitions while the coordinator of its group is dead, and handles nothing twice',
      async () => {
        const coordinator = await bench.server.coordinatorOf(`group-of-${topic}`);
        const [leader, other] = [1, 2, 3].filter((id) => id !== coordinator) as [number, number];
        await bench.server.createTopic({ topic, replicas: [[leader, other]] });
        const producer = bench.newProducer({ bootstrapServers: bench.server.node(leader).bootstrapServers });
        const arrived = bench.collect();
        const consumer = bench.newConsumer(topic);
        void consumer.run();
        await sendItem(producer, topic, 0);
        await vi.waitFor(() => expect(arrived).toEqual([0]), patient);
        await kill(coordinator);
        const startedAt = performance.now();
        await sendItem(producer, topic, 1);
        await vi.waitFor(() => expect(arrived).toEqual([0, 1]), patient);
        expect(performance.now() - startedAt).toBeLessThan(1_000);
        await vi.waitFor(
          () => expect(consumer.health()).toMatchObject({ ready: true, reasons: [] }),
          patient,
        );
        const admin = newAdmin();
        const lags = async () => (await admin.lag({ topics: [topic] })).map(({ lag }) => lag);
        await vi.waitFor(async () => expect(await lags()).toEqual([0]), patient);
        expect(arrived).toEqual([0, 1]);
      },
    );

    it('follows leaders that move, and reads partitions that are added', async () => {
      await bench.server.createTopic({ topic, replicas: [[1, 2, 3]] });
      const producer = bench.newProducer();
      const arrived = bench.collect();
      const consumer = bench.newConsumer(topic, { metadataMaxAgeMs: 500 });
      void consumer.run();
      const expected: number[] = [];
      for (const [number, nodeId] of [2, 3, 1].entries()) {
        await bench.server.moveLeader(topic, 0, nodeId);
        await sendItem(producer, topic, number);
        expected.push(number);
        await vi.waitFor(() => expect(arrived).toEqual(expected), patient);
      }
      await bench.server.reassign(topic, 0, [3]);
      await sendItem(producer, topic, 3);
      await vi.waitFor(() => expect(arrived).toEqual([0, 1, 2, 3]), patient);
      await bench.server.addPartitions(topic, [[1], [2]]);
      const later = bench.newProducer(); // a running one keeps the number of partitions for a while
      for (let number = 10; number < 20; number += 1) await sendItem(later, topic, number, `key-${number}`);
      await vi.waitFor(() => expect(arrived).toHaveLength(14), patient);
      expect(new Set(arrived).size).toBe(14);
    });

    it('reads its other topics when one is deleted, which is not created again', async () => {
      const gone = `${topic}-gone`;
      for (const one of [topic, gone]) await bench.server.createTopic({ topic: one, replicas: [[1, 2]] });
      const producer = bench.newProducer();
      const arrived = bench.collect();
      const consumer = bench.newConsumer(topic, { topics: [topic, gone], metadataMaxAgeMs: 500 });
      void consumer.run();
      await sendItem(producer, topic, 0);
      await sendItem(producer, gone, 1);
      await vi.waitFor(() => expect([...arrived].sort()).toEqual([0, 1]), patient);
      await bench.server.deleteTopic(gone);
      await vi.waitFor(() => expect(consumer.health().reasons.join()).toContain(gone), patient);
      await sendItem(bench.newProducer({ allowAutoTopicCreation: false }), topic, 2);
      await vi.waitFor(() => expect(arrived).toContain(2), patient);
      expect(await bench.server.partitions(gone)).toEqual([]);
    });
  },
);
