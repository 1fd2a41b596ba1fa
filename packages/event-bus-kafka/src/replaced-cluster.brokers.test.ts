import { type FaultProxy, freePort, kafkaOrReason, startFaultProxy } from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { readTopic } from './topic-reader.test-support.js';

const proxyPort = await freePort();
const kafka = await kafkaOrReason({
  numPartitions: 1,
  advertised: { host: '127.0.0.1', port: proxyPort },
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('another cluster at the same address'), () => {
  const bench = new KafkaBench(kafka);
  const target = { host: '', port: 0 };
  let proxy: FaultProxy;

  beforeAll(async () => {
    Object.assign(target, bench.server.advertised);
    proxy = await startFaultProxy({ target, port: proxyPort });
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  it('gets and delivers each accepted event, although it gives a producer the id of another one', async () => {
    await using after = await kafka.start();
    const address = { bootstrapServers: `127.0.0.1:${proxyPort}` };
    const topic = await bench.newTopic();
    const old = bench.newProducer(address);
    const consumer = bench.newConsumer(topic, address);
    const arrived = bench.collect();
    void consumer.run();
    await sendItem(old, topic, 1);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);

    Object.assign(target, after.advertised);
    proxy.reset();
    const young = bench.newProducer(address);
    const accepted: number[] = [];
    for (let number = 2; number < 10; number += 1) {
      await sendItem(number % 2 === 0 ? old : young, topic, number);
      accepted.push(number);
    }
    const found = await readTopic(after.bootstrapServers, topic, 1);
    expect(found).toHaveLength(accepted.length);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, ...accepted]), patient);
  }, 120_000);
});
