import { type KafkaEdition, type KafkaServer, kafkaOrReason, makeTopics } from '@openedx-ts/brokers';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { KafkaDriver } from './kafka-driver.js';
import { fetchRequest } from './protocol/fetch.js';
import { metadataRequest } from './protocol/metadata.js';
import { offsetCommitRequest } from './protocol/offset-commit.js';
import { offsetFetchRequest } from './protocol/offset-fetch.js';

/** The newest version of each request that both the broker and this package speak. */
const editions: readonly (readonly [KafkaEdition, Readonly<Record<string, number>>])[] = [
  ['kafka-4', { Metadata: 13, Fetch: 13, OffsetCommit: 9, OffsetFetch: 9 }],
  ['kafka-3.9', { Metadata: 12, Fetch: 13, OffsetCommit: 9, OffsetFetch: 9 }],
];
const patient = { timeout: 60_000, interval: 200 };

for (const [edition, versions] of editions) {
  const kafka = await kafkaOrReason({ own: true, edition });

  describe.skipIf(kafka.reason !== undefined)(kafka.titled(`KafkaDriver on ${edition}`), () => {
    let server: KafkaServer;
    let admin: Admin;
    let producer: Producer;
    let driver: KafkaDriver;

    beforeAll(async () => {
      server = await kafka.start();
      const client = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING });
      admin = client.admin();
      producer = client.producer({ allowAutoTopicCreation: false });
      await Promise.all([admin.connect(), producer.connect()]);
      driver = new KafkaDriver(
        resolveProducerOptions({
          bootstrapServers: server.bootstrapServers,
          schemaRegistry: { url: 'http://localhost:1' },
        }),
      );
      await driver.connect();
      await driver.refreshMetadata();
    });
    afterAll(async () => {
      driver.close();
      await Promise.all([admin.disconnect(), producer.disconnect()]);
      await server[Symbol.asyncDispose]();
    });

    const firstBroker = () => driver.brokers[0]?.nodeId ?? -1;

    it('speaks the newest versions that this broker offers', async () => {
      const used: Record<string, number> = {};
      for (const { apiName, apiKey, maxVersion } of [
        metadataRequest,
        fetchRequest,
        offsetCommitRequest,
        offsetFetchRequest,
      ]) {
        used[apiName] = Math.min(maxVersion, await driver.versionOffered(firstBroker(), apiKey));
      }
      expect(used).toStrictEqual(versions);
    });

    it('reads topic ids and leader epochs, and another id once a topic is created again', async () => {
      expect(await driver.hasTopic('reborn')).toBe(false);
      await makeTopics(admin, [{ topic: 'reborn', numPartitions: 2 }]);
      await vi.waitFor(async () => expect(await driver.hasTopic('reborn')).toBe(true), patient);
      expect(driver.partitionsOf('reborn')).toMatchObject([
        { leader: firstBroker(), leaderEpoch: 0 },
        { leader: firstBroker(), leaderEpoch: 0 },
      ]);
      const before = (await driver.describeTopic('reborn'))?.topicId;
      expect(before).toMatch(/^[\w-]{22}$/);
      await admin.deleteTopics({ topics: ['reborn'] });
      await vi.waitFor(async () => expect(await driver.describeTopic('reborn')).toBeUndefined(), patient);
      await driver.refreshMetadata(); // other topics do not fail with it
      expect(await driver.hasTopic('reborn')).toBe(false);
      await makeTopics(admin, [{ topic: 'reborn', numPartitions: 1 }]);
      await vi.waitFor(async () => {
        const found = await driver.describeTopic('reborn');
        expect(found?.topicId).toMatch(/^[\w-]{22}$/);
        expect(found?.topicId).not.toBe(before);
      }, patient);
    });

    it('fetches events and the error of a partition that does not exist', async () => {
      await makeTopics(admin, [{ topic: 'events', numPartitions: 1 }]);
      await vi.waitFor(async () => expect(await driver.hasTopic('events')).toBe(true), patient);
      const sentAt = Date.now();
      await producer.send({ topic: 'events', messages: [{ key: 'k', value: 'one' }, { value: 'two' }] });
      const at = (partition: number) => ({ topic: 'events', partition, offset: 1, maxBytes: 10_000 });
      const limits = { maxWaitMs: 1_000, maxBytes: 100_000 };
      const fetched = await driver.fetch(firstBroker(), [at(0), at(7)], limits);
      const [events, missing] = [...fetched].sort((one, other) => one.partition - other.partition);
      expect(events).toMatchObject({ topic: 'events', errorCode: 0, highWatermark: 2, nextOffset: 2 });
      expect(events?.records.map(({ value }) => String(value))).toStrictEqual(['two']);
      expect(events?.firstBatchAt).toBeGreaterThanOrEqual(sentAt);
      expect(missing).toMatchObject({ topic: 'events', errorCode: 3, records: [] });
    });

    it('commits offsets with a text, and reads those of some partitions or of all topics', async () => {
      const coordinator = driver.coordinatorOf('readers');
      await makeTopics(admin, [{ topic: 'commits', numPartitions: 2 }]);
      await vi.waitFor(async () => expect(await driver.hasTopic('commits')).toBe(true), patient);
      const partitions = [
        { partition: 0, offset: 5, metadata: 'a text' },
        { partition: 1, offset: 6, metadata: null },
      ];
      const outside = { groupId: 'readers', generationId: -1, memberId: '' };
      await vi.waitFor(
        () => coordinator.offsetCommit({ ...outside, topics: [{ topic: 'commits', partitions }] }),
        patient,
      );
      const some = await coordinator.offsetFetch([{ topic: 'commits', partitions: [0] }]);
      expect(some).toMatchObject([{ partition: 0, offset: 5, metadata: 'a text', errorCode: 0 }]);
      const all = await coordinator.offsetFetch(null);
      expect(all.map(({ topic, partition, offset }) => [topic, partition, offset]).sort()).toStrictEqual([
        ['commits', 0, 5],
        ['commits', 1, 6],
      ]);
      const stranger = { groupId: 'readers', generationId: 3, memberId: 'nobody' };
      await expect(
        coordinator.offsetCommit({ ...stranger, topics: [{ topic: 'commits', partitions }] }),
      ).rejects.toThrow('UNKNOWN_MEMBER_ID');
    });
  });
}
