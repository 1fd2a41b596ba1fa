import { freePort, kafkaOrReason } from '@openedx-ts/brokers';
import type { SchemaRegistry } from '@openedx-ts/events-avro';
import {
  InfrastructureError,
  InvalidOptionsError,
  ProduceFailedError,
  ProducerConfigurationError,
  type Route,
  route,
} from '@openedx-ts/events-core';
import type { Message } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import { ITEM, sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { ConfluentSchemaRegistry } from './registry/confluent-schema-registry.js';
import { SchemaRegistryError } from './registry/schema-registry-error.js';
import { readTopic } from './topic-reader.test-support.js';

const kafka = await kafkaOrReason({ own: true });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('bad input to the Kafka bus'), () => {
  const bench = new KafkaBench(kafka);

  it('delivers 99 of 100 and dead-letters the poison among them, without a restart', async () => {
    const topic = await bench.newTopic();
    const producer = bench.newProducer();
    const good = await bench.message(0);
    const numbers = Array.from({ length: 100 }, (_, number) => number);
    for (const number of numbers) {
      if (number === 42) await bench.publish(topic, [{ ...good, value: Buffer.from('poison') }]);
      else await sendItem(producer, topic, number);
    }
    const arrived = bench.collect();
    void bench.newConsumer(topic).run();
    await vi.waitFor(() => expect(arrived).toHaveLength(99), patient);
    expect(arrived).toStrictEqual(numbers.filter((number) => number !== 42));
    expect(await bench.deadLetterCodes(topic, 1)).toStrictEqual(['EVENTS_UNUSABLE_MESSAGE']);
    await vi.waitFor(async () => expect((await bench.committed(topic)).get(0)).toBe(100), patient);
  });

  it('dead-letters what cannot be an event, each with its reason, and goes on behind it', async () => {
    const topic = await bench.newTopic();
    const first = await bench.message(1);
    const second = await bench.message(2);
    const bytes = Buffer.from(first.value as Uint8Array);
    const without = (name: string) => first.headers.filter(([one]) => one !== name);
    const text = (value: string) => Buffer.from(value);
    const bad: readonly Omit<Message, 'topic'>[] = [
      { ...first, headers: [] },
      { ...first, headers: without('ce_type') },
      { ...first, headers: without('ce_id') },
      { ...first, headers: [...without('ce_id'), ['ce_id', null], ['x-null', null], ['x-empty', text('')]] },
      { ...first, headers: [...first.headers, ['ce_type', text('org.example.other.v1')]] },
      { ...first, headers: [...without('ce_id'), ['ce_id', text('no id')]] },
      { ...first, headers: [...without('ce_time'), ['ce_time', Buffer.from([0xff, 0xfe])]] },
      { ...first, value: Buffer.concat([Buffer.from([1]), bytes.subarray(1)]) }, // magic byte
      { ...first, value: Buffer.concat([Buffer.from([0, 0, 0, 255, 255]), bytes.subarray(5)]) }, // unknown id
      { ...first, value: Buffer.concat([Buffer.from([0, 255, 255, 255, 255]), bytes.subarray(5)]) }, // no id
      { ...first, value: bytes.subarray(0, 3) },
      { ...first, value: Buffer.alloc(0) },
      { ...first, value: bytes.subarray(0, -1) },
      { ...first, value: Buffer.concat([bytes, Buffer.from([0])]) },
    ];
    await bench.publish(topic, [first, ...bad, { ...first, value: null }, second]);
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic);
    void consumer.run();
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2]), patient);
    const unusable = Array.from({ length: 12 }, () => 'EVENTS_UNUSABLE_MESSAGE');
    const undecodable = ['EVENTS_DECODING_FAILED', 'EVENTS_DECODING_FAILED'];
    expect(await bench.deadLetterCodes(topic, bad.length)).toStrictEqual([...unusable, ...undecodable]);
    const [, , , nulls] = await readTopic(
      bench.server.bootstrapServers,
      bench.deadLetterTopic(topic),
      bad.length,
    );
    expect(nulls?.headers.slice(0, -7)).toStrictEqual(bad[3]?.headers);
    await vi.waitFor(async () => expect((await bench.committed(topic)).get(0)).toBe(bad.length + 3), patient);
    expect(consumer.health()).toMatchObject({ ready: true, reasons: [] });
  });

  it('commits what was dead-lettered, and nothing that was not handled', async () => {
    const topic = await bench.newTopic();
    const good = await bench.message(1);
    await bench.publish(topic, [{ ...good, headers: [] }, good, good]);
    let isDown = true;
    const arrived = bench.collect(() => {
      if (isDown) throw new InfrastructureError('the database is down');
    });
    const consumer = bench.newConsumer(topic, { ackEvery: 1 });
    void consumer.run();
    await vi.waitFor(() => expect(consumer.health().reasons.join()).toContain('database is down'), patient);
    expect((await bench.committed(topic)).get(0)).toBe(1);
    isDown = false;
    await vi.waitFor(async () => expect((await bench.committed(topic)).get(0)).toBe(3), patient);
    expect(arrived).toStrictEqual([1, 1]);
  });

  it('reports that the address of the broker is wrong, while a consumer goes on looking for it', async () => {
    const bootstrapServers = `127.0.0.1:${await freePort()}`;
    const consumer = bench.newConsumer('items', { bootstrapServers });
    const running = consumer.run();
    await vi.waitFor(
      () =>
        expect(consumer.health().reasons.join()).toMatch(
          /ECONNREFUSED: is the address right \(EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS\)/,
        ),
      patient,
    );
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
    consumer.stop();
    await running;
  });

  it.each([
    ['a wrong URL', { path: '/somewhere', fault: undefined }, 'check the URL and its path'],
    ['garbage', { path: '', fault: { body: '<html>it works</html>' } }, 'check the URL and its path'],
    ['an error of the registry', { path: '', fault: { status: 503 } }, 'is in failure (503'],
    ['no answer at all', { path: '', fault: { hang: true } }, 'no answer within 200 ms'],
  ] as const)(
    'names %s as the reason, on both sides, and loses nothing',
    async (_what, { path, fault }, reason) => {
      const topic = await bench.newTopic();
      await sendItem(bench.newProducer(), topic, 1);
      if (fault !== undefined) bench.registry.fail(fault);
      const schemaRegistry = { url: `${bench.registry.url}${path}`, requestTimeoutMs: 200 };
      const producer = bench.newProducer({ schemaRegistry, deliveryTimeoutMs: 300 });
      const error = await sendItem(producer, topic, 2).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ProduceFailedError);
      expect(error).toMatchObject({ retryable: true, fault: 'bus' });
      expect((error as Error).message).toContain(reason);
      const arrived = bench.collect();
      const consumer = bench.newConsumer(topic, { schemaRegistry });
      void consumer.run();
      await vi.waitFor(
        () => expect(consumer.health().reasons.join()).toMatch(/items-\d+:0 waits: .*schema registry/),
        patient,
      );
      expect(consumer.health().reasons.join()).toContain(reason);
      expect((await bench.committed(topic)).get(0)).toBe(0);
      bench.registry.heal();
      if (path !== '') {
        await consumer.close();
        void bench.newConsumer(topic).run();
      }
      await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
    },
  );

  it('delivers an event whose schema reaches a node of the registry later than the event the consumer', async () => {
    const topic = await bench.newTopic();
    await sendItem(bench.newProducer(), topic, 1);
    const node = new ConfluentSchemaRegistry({ url: bench.registry.url });
    let asked = 0;
    const behind: SchemaRegistry = {
      register: (subject, text) => node.register(subject, text),
      schemaById: (id) => (++asked < 3 ? undefined : node.schemaById(id)),
    };
    const arrived = bench.collect();
    void bench.newConsumer(topic, { schemaRegistry: behind }).run();
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
    expect(asked).toBe(3);
  });

  it('rejects at once what the registry holds for incompatible, and goes on with other topics', async () => {
    const topic = await bench.newTopic();
    bench.registry.makeIncompatible(`${topic}-${ITEM.eventType}.CloudEvent`);
    const producer = bench.newProducer();
    const error = await sendItem(producer, topic, 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SchemaRegistryError);
    expect(error).toMatchObject({ reason: 'incompatible', retryable: false, fault: 'event' });
    expect(await sendItem(producer, await bench.newTopic(), 2)).toMatchObject({ position: '0:0' });
  });

  it('refuses a key that cannot be one at the start, and not for each event', async () => {
    for (const eventKeyField of ['item', 'item.remark', 'item.missing']) {
      expect(() => route(ITEM, { topic: 't', eventKeyField: eventKeyField as never })).toThrow(
        ProducerConfigurationError,
      );
      const made: Route = { ...route(ITEM, { topic: 't', eventKeyField: 'item.name' }), eventKeyField };
      await expect(bench.newProducer().warmUp([made])).rejects.toThrow(ProducerConfigurationError);
    }
  });

  it('refuses options it does not know, with the one that may be meant', () => {
    expect(() => bench.newProducer({ maxMesageBytes: 1 } as object)).toThrow(
      expect.objectContaining({
        constructor: InvalidOptionsError,
        message: expect.stringContaining('did you mean maxMessageBytes?'),
      }),
    );
    expect(() => bench.newConsumer('t', { sessionTimeout: 1 } as object)).toThrow(/sessionTimeoutMs\?/);
  });
});
