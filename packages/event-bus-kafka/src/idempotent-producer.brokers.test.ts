import { type FaultProxy, freePort, kafkaOrReason, startFaultProxy } from '@openedx-ts/brokers';
import type { Producer } from '@openedx-ts/events-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { resolveProducerOptions } from './options/kafka-options.js';
import { KafkaPublisher } from './producer/kafka-publisher.js';
import { type FoundMessage, readTopic } from './topic-reader.test-support.js';

/** `KAFKA_KILLS=50` searches for longer. */
const kills = Number(process.env.KAFKA_KILLS ?? 3);
const partitions = 4;
const proxyPort = await freePort();
const kafka = await kafkaOrReason({
  numPartitions: partitions,
  advertised: { host: '127.0.0.1', port: proxyPort },
  // A broker that was killed waits for the end of its old session.
  config: ['broker.session.timeout.ms=1000', 'broker.heartbeat.interval.ms=200'],
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('copies in the log of Kafka'), () => {
  const bench = new KafkaBench(kafka);
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await startFaultProxy({ target: bench.server.advertised, port: proxyPort });
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  /** Sends with many keys until stopped; the ids of what was accepted, and errors. */
  const sendUntilStopped = (producer: Producer, topic: string) => {
    const accepted: string[] = [];
    const rejected: unknown[] = [];
    let isStopped = false;
    const workers = Array.from({ length: 32 }, async (_, worker) => {
      for (let number = 0; !isStopped; number += 1) {
        await sendItem(producer, topic, number, `key-${worker}`).then(
          ({ eventId }) => accepted.push(eventId),
          (error) => rejected.push(error),
        );
      }
    });
    const stop = async () => {
      isStopped = true;
      await Promise.all(workers);
    };
    return { accepted, rejected, stop };
  };
  const idsIn = async (topic: string, count: number) => {
    const found = await readTopic(bench.server.bootstrapServers, topic, count);
    return found.map(idOf).sort();
  };

  it(`holds each accepted event once after ${kills} kills of the broker`, async () => {
    const topic = await bench.newTopic(partitions);
    const sending = sendUntilStopped(bench.newProducer({ requestTimeoutMs: 3_000 }), topic);
    const { accepted, rejected } = sending;
    for (let round = 0; round < kills; round += 1) {
      const before = accepted.length;
      await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(before + 300), patient);
      await bench.server.kill();
      await bench.server.start();
    }
    await sending.stop();
    expect(rejected).toStrictEqual([]);
    expect(await idsIn(topic, accepted.length)).toStrictEqual([...accepted].sort());
  }, 240_000);

  it('holds each accepted event once although answers are lost again and again', async () => {
    const topic = await bench.newTopic(partitions);
    const producer = bench.newProducer({
      bootstrapServers: `127.0.0.1:${proxyPort}`,
      requestTimeoutMs: 500,
    });
    const sending = sendUntilStopped(producer, topic);
    const { accepted, rejected } = sending;
    for (let round = 0; round < 3; round += 1) {
      const before = accepted.length;
      await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(before + 200), patient);
      proxy.oneWayCut('toClient');
      await vi.waitFor(() => expect(producer.health().reasons.join()).toContain('no answer'), patient);
      proxy.heal();
    }
    await sending.stop();
    expect(rejected).toStrictEqual([]);
    expect(await idsIn(topic, accepted.length)).toStrictEqual([...accepted].sort());
  }, 240_000);

  it('holds each event once of topics that were forgotten, and are published to again', async () => {
    const topics = [await bench.newTopic(), await bench.newTopic(), await bench.newTopic()];
    const { bootstrapServers } = bench.server;
    const schemaRegistry = { url: 'http://127.0.0.1:1' };
    const options = resolveProducerOptions({ bootstrapServers, schemaRegistry });
    const publisher = new KafkaPublisher({ ...options, partitioner: 'crc32', keptTopics: 1 });
    for (let round = 0; round < 10; round += 1)
      for (const topic of topics) {
        const message = { topic, key: Buffer.from('k'), value: Buffer.from(`${round}`), headers: [] };
        expect(await publisher.publish([message])).toEqual([{ position: `0:${round}` }]);
      }
    await publisher.close();
    for (const topic of topics)
      expect((await readTopic(bootstrapServers, topic, 10)).map(({ value }) => String(value))).toEqual(
        Array.from({ length: 10 }, (_, round) => `${round}`),
      );
  });

  it('is not changed by a topic that was deleted, which is not created again for events of another', async () => {
    const [kept, deleted, other] = [await bench.newTopic(), await bench.newTopic(), await bench.newTopic()];
    for (const allowAutoTopicCreation of [false, true]) {
      const producer = bench.newProducer({ allowAutoTopicCreation, deliveryTimeoutMs: 5_000 });
      for (const topic of [kept, deleted]) await sendItem(producer, topic, 1);
      await bench.deleteTopic(deleted);
      expect(await sendItem(producer, other, 1)).toMatchObject({ position: expect.any(String) });
      expect(await sendItem(producer, kept, 2)).toMatchObject({ position: expect.any(String) });
      expect(await bench.topicNames()).not.toContain(deleted);
      if (!allowAutoTopicCreation) await bench.makeTopic(deleted, {});
    }
  });
});

function idOf({ headers }: FoundMessage): string {
  return Buffer.from(headers.find(([name]) => name === 'ce_id')?.[1] ?? []).toString();
}
