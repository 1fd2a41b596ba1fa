import { type FaultProxy, freePort, kafkaOrReason, startFaultProxy } from '@openedx-ts/brokers';
import {
  configureEvents,
  type Health,
  InfrastructureError,
  type Logger,
  route,
} from '@openedx-ts/events-core';
import { connectRoutes } from '@openedx-ts/events-core/bus';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventBus } from './event-bus.js';
import { ITEM, sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';

const proxyPort = await freePort();
const kafka = await kafkaOrReason({ advertised: { host: '127.0.0.1', port: proxyPort } });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('faults around the Kafka bus'), () => {
  const bench = new KafkaBench(kafka);
  let proxy: FaultProxy;
  const throughProxy = { bootstrapServers: `127.0.0.1:${proxyPort}`, requestTimeoutMs: 1_000 };

  beforeAll(async () => {
    proxy = await startFaultProxy({ target: bench.server.advertised, port: proxyPort });
  });
  afterEach(() => proxy.heal());
  afterAll(() => proxy[Symbol.asyncDispose]());

  /** Waits less than the half minute after which kafkajs notices by itself. */
  const untilReason = (member: { health(): Health }, reason: string) =>
    vi.waitFor(() => expect(member.health().reasons.join()).toContain(reason), patient);

  it('holds one partition for what a receiver needs, and none of the others', async () => {
    const topic = await bench.newTopic(4);
    const producer = bench.newProducer();
    const names = Array.from({ length: 16 }, (_, number) => `key-${number}`);
    const positions = await Promise.all(
      names.map(async (name, number) => (await sendItem(producer, topic, number, name)).position),
    );
    const partitionOf = (number: number) => positions[number]?.split(':')[0];
    const held = names.flatMap((_, number) => (partitionOf(number) === partitionOf(0) ? [number] : []));
    const others = names.flatMap((_, number) => (held.includes(number) ? [] : [number]));
    let isDown = true;
    const arrived = bench.collect(({ data }) => {
      if (isDown && data.item.number === 0) throw new InfrastructureError('the database is down');
    });
    const consumer = bench.newConsumer(topic);
    void consumer.run();
    await vi.waitFor(() => expect([...arrived].sort((a, b) => a - b)).toStrictEqual(others), patient);
    expect(consumer.health().reasons).toStrictEqual([
      `${topic}:${partitionOf(0)} waits: the database is down`,
    ]);
    for (const [number, name] of names.entries()) await sendItem(producer, topic, 100 + number, name);
    await vi.waitFor(() => expect(arrived).toHaveLength(2 * others.length), patient); // again and again
    isDown = false;
    await vi.waitFor(() => expect(arrived).toHaveLength(32), patient);
    const ofHeld = arrived.filter((number) => held.includes(number % 100));
    expect(ofHeld).toStrictEqual([...held, ...held.map((number) => 100 + number)]);
    expect(consumer.health()).toMatchObject({ ready: true, reasons: [] });
  });

  it('notices as a producer that a connection is open and dead, and sends once it is alive', async () => {
    const topic = await bench.newTopic();
    const producer = bench.newProducer(throughProxy);
    await sendItem(producer, topic, 1);
    for (const fault of [() => proxy.stall(), () => proxy.oneWayCut('toClient')]) {
      fault();
      const sent = sendItem(producer, topic, 2);
      await untilReason(producer, 'no answer within'); // of a request, or of the connection after it
      proxy.heal();
      await sent;
      expect(producer.health()).toMatchObject({ ready: true, reasons: [] });
    }
  });

  it('notices as a consumer that a connection is open and dead, and goes on once it is alive', async () => {
    const topic = await bench.newTopic();
    const producer = bench.newProducer();
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic, throughProxy);
    void consumer.run();
    await sendItem(producer, topic, 1);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
    proxy.stall();
    await untilReason(consumer, 'no answer');
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
    await sendItem(producer, topic, 2);
    proxy.heal();
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2]), patient);
    await vi.waitFor(() => expect(consumer.health()).toMatchObject({ ready: true, reasons: [] }), patient);
  });

  it('needs no registry for schemas it knows', async () => {
    const topic = await bench.newTopic();
    const lines: string[] = [];
    const note = (_facts: object, line: string) => lines.push(line);
    const logger: Logger = { debug() {}, info() {}, warn: note, error: note };
    const producer = bench.newProducer();
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic);
    void consumer.run();
    await sendItem(producer, topic, 1);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
    using _settings = configureEvents({ logger });
    await bench.registry.stop();
    for (const number of [2, 3, 4]) await sendItem(producer, topic, number);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2, 3, 4]), patient);
    for (const member of [producer, consumer]) expect(member.health()).toMatchObject({ ready: true });
    expect(lines).toStrictEqual([]);
  });

  it('reports that the registry is down from the start, and goes on as soon as it is back', async () => {
    const topic = await bench.newTopic();
    await sendItem(bench.newProducer(), topic, 1);
    await bench.registry.stop();
    const env = {
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bench.server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: bench.registry.url,
    };
    const producer = bench.opened(await eventBus.createProducer(env));
    using _routes = connectRoutes(producer, [route(ITEM, { topic, eventKeyField: 'item.name' })]);
    const arrived = bench.collect();
    // As if it had tried for long: it goes on long before such a pause is over.
    const options = {
      topics: [topic],
      groupId: 'started',
      startFrom: 'earliest',
      initialBackoffMs: 60_000,
    } as const;
    const consumer = bench.opened(await eventBus.createConsumer(env, options));
    void consumer.run();
    const down = `the schema registry at ${bench.registry.url} cannot be reached (ECONNREFUSED)`;
    await untilReason(producer, down); // before anything is sent
    const sent = sendItem(producer, topic, 2);
    await untilReason(consumer, `${topic}:0 waits: ${down}`);
    for (const member of [producer, consumer])
      expect(member.health()).toMatchObject({ live: true, ready: false });
    await bench.registry.start();
    await sent;
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2]), patient);
    await vi.waitFor(() => {
      for (const member of [producer, consumer])
        expect(member.health()).toMatchObject({ ready: true, reasons: [] });
    }, patient);
  });
});
