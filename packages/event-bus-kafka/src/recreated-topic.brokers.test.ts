import { type KafkaEdition, kafkaOrReason } from '@openedx-ts/brokers';
import { configureEvents, type Producer, type TelemetryFact } from '@openedx-ts/events-core';
import { deferred, noTelemetry } from '@openedx-ts/events-core/bus';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { KafkaDriver } from './driver/kafka-driver.js';
import { formatCommitMetadata } from './group/commit-metadata.js';
import { HandledAhead } from './group/handled-ahead.js';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { resolveProducerOptions } from './options/kafka-options.js';
import { kafkaProducerSettings } from './options/kafka-settings.js';

const editions: readonly KafkaEdition[] = ['kafka-4', 'kafka-3.9'];
/** How often the topic of a running consumer is created again. */
const rounds = Number(process.env.KAFKA_RECREATE_ROUNDS ?? 1);
const before = Array.from({ length: 10 }, (_, number) => number);
const after = Array.from({ length: 40 }, (_, number) => 100 + number);

for (const edition of editions) {
  const kafka = await kafkaOrReason({ own: true, edition });

  describe.skipIf(kafka.reason !== undefined)(
    kafka.titled(`a topic that is deleted and created again, on ${edition}`),
    () => {
      const bench = new KafkaBench(kafka);
      const facts: TelemetryFact[] = [];
      const warn = vi.fn();

      beforeEach(() => {
        facts.length = 0;
        warn.mockClear();
        const telemetry = { ...noTelemetry, record: (fact: TelemetryFact) => void facts.push(fact) };
        const configured = configureEvents({
          telemetry,
          logger: { debug() {}, info() {}, warn, error() {} },
        });
        return () => configured[Symbol.dispose]();
      });

      const lost = () => facts.filter(({ type }) => type === 'events.lost');
      const sendAll = (producer: Producer, topic: string, numbers: readonly number[]) =>
        Promise.all(numbers.map((number) => sendItem(producer, topic, number, `key-${number % 8}`)));
      const arrives = (arrived: readonly number[], numbers: readonly number[]) =>
        vi.waitFor(() => expect(arrived).toEqual(expect.arrayContaining([...numbers])), patient);

      const environment = () => ({
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bench.server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: bench.registry.url,
      });
      const newDriver = () => new KafkaDriver(resolveProducerOptions(kafkaProducerSettings(environment())));

      /** Commits what Kafka has deleted with the topic, as a commit does that was under way. */
      async function restoreCommit(driver: KafkaDriver, topic: string, metadata: string | null) {
        const group = { groupId: `group-of-${topic}`, generationId: -1, memberId: '' };
        const partitions = [{ partition: 0, offset: 10, metadata }];
        await driver.coordinatorOf(group.groupId).offsetCommit({ ...group, topics: [{ topic, partitions }] });
      }

      /** A group that has handled ten events of a topic with one partition, and has no member now. */
      async function groupThatIsDown() {
        const topic = await bench.newTopic();
        const arrived = bench.collect();
        const consumer = bench.newConsumer(topic, { startFrom: 'resume' });
        void consumer.run();
        await consumer.ready;
        const producer = bench.newProducer();
        await sendAll(producer, topic, before);
        await arrives(arrived, before);
        await consumer.close();
        return { topic, arrived, producer: bench.newProducer() };
      }

      it.each([1, 2, 3])(
        'is read from the beginning by a running consumer, with %i partitions, while an event of the old one is in flight',
        { timeout: 240_000 * rounds },
        async (partitions) => {
          for (let round = 0; round < rounds; round += 1) {
            const topic = await bench.newTopic(2);
            const held = deferred();
            const isStarted = deferred();
            const arrived = bench.collect(async ({ data }) => {
              if (data.item.number !== 9) return;
              isStarted.resolve();
              await held.promise;
            });
            const consumer = bench.newConsumer(topic, { startFrom: 'resume' });
            void consumer.run();
            await consumer.ready;
            await sendAll(bench.newProducer(), topic, before);
            await isStarted.promise;
            await bench.recreateTopic(topic, partitions);
            await sendAll(bench.newProducer(), topic, after);
            held.resolve();
            await arrives(arrived, after);
            expect(lost()).toContainEqual(expect.objectContaining({ reason: 'topic-recreated' }));
            await vi.waitFor(async () => {
              const committed = [...(await bench.committed(topic)).values()];
              expect(committed.reduce((sum, offset) => sum + offset, 0)).toBe(after.length);
            }, patient);
            await bench.clear();
            facts.length = 0;
          }
        },
      );

      it('is read from the beginning by a consumer that was down, or the events that it skips are stated', {
        timeout: 240_000,
      }, async () => {
        const { topic, arrived, producer } = await groupThatIsDown();
        await bench.recreateTopic(topic);
        await sendAll(producer, topic, after);
        const again = bench.newConsumer(topic, { startFrom: 'resume' });
        void again.run();
        await again.ready;
        await sendAll(producer, topic, [200]);
        if (edition === 'kafka-4') {
          await arrives(arrived, [...after, 200]);
          expect(lost()).toMatchObject([{ reason: 'topic-recreated' }]);
        } else {
          // Kafka 3 deletes a group with its last position: nothing is left to tell it from a new one.
          await arrives(arrived, [200]);
          expect(warn).toHaveBeenCalledWith(
            expect.objectContaining({ topic, count: after.length }),
            expect.stringContaining('replay'),
          );
        }
      });

      it('is read from the beginning after an operator had moved the group in the old one', {
        timeout: 240_000,
      }, async () => {
        const { topic, arrived } = await groupThatIsDown();
        const [groupId, driver] = [`group-of-${topic}`, newDriver()];
        await using admin = new KafkaEventBusAdmin(environment());
        await admin.topics.moveGroup(topic, groupId, ['0:7']);
        const [commit] = await driver.coordinatorOf(groupId).offsetFetch([{ topic, partitions: [0] }]);
        expect(commit).toMatchObject({
          offset: 7,
          metadata: expect.stringMatching(/^openedx\/1 topic=[\w-]{22}$/),
        });
        await bench.recreateTopic(topic);
        await sendAll(bench.newProducer(), topic, after);
        await restoreCommit(driver, topic, commit?.metadata ?? null);
        driver.close();
        void bench.newConsumer(topic).run();
        await arrives(arrived, after);
        expect(lost()).toMatchObject([{ lane: `${topic}:0`, reason: 'topic-recreated' }]);
      });

      it.each(['resume', { position: '0:12' }] as const)(
        'is read from the beginning when a commit of the old one is still there (startFrom %j)',
        { timeout: 240_000 },
        async (startFrom) => {
          const { topic, arrived, producer } = await groupThatIsDown();
          const driver = newDriver();
          await driver.connect();
          await driver.refreshMetadata();
          const topicId = (await driver.describeTopic(topic))?.topicId;
          await bench.recreateTopic(topic);
          await sendAll(producer, topic, after);
          const metadata = formatCommitMetadata(
            { topicId, counts: undefined, handledAhead: HandledAhead.none },
            10,
          );
          await restoreCommit(driver, topic, metadata);
          driver.close();
          await using admin = new KafkaEventBusAdmin(environment());
          const groupId = `group-of-${topic}`;
          expect(await admin.lag({ topics: [topic], groupId })).toMatchObject([{ lag: after.length }]);
          const { next } = (await admin.topics.groupProgress(topic, groupId)) ?? {};
          expect(next).toStrictEqual(new Map([[`${topic}:0`, '0:0']]));
          void bench.newConsumer(topic, { startFrom }).run();
          await arrives(arrived, after);
          expect(lost()).toMatchObject([{ lane: `${topic}:0`, reason: 'topic-recreated' }]);
        },
      );
    },
  );
}
