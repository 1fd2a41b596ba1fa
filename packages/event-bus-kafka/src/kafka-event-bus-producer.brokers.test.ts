import { readFileSync } from 'node:fs';
import { queryObjects } from 'node:v8';
import { freePort, type KafkaServer, kafkaOrReason, startKafka } from '@openedx-ts/brokers';
import { fingerprintOf, type SchemaRegistry } from '@openedx-ts/events-avro';
import {
  configureEvents,
  InfrastructureError,
  ProduceFailedError,
  type Producer,
} from '@openedx-ts/events-core';
import { type Header, type Message, snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sendItem } from './item.test-support.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import type { KafkaProducerOptions } from './options/kafka-options.js';
import { readTopic } from './topic-reader.test-support.js';

const partitions = 6;
// A broker that was killed waits for the end of its old session.
const config = ['broker.session.timeout.ms=1000', 'broker.heartbeat.interval.ms=200'];
const kafka = await kafkaOrReason({ numPartitions: partitions, config });
const restore = snapshotSignals();

/** Numbers schema texts from 1. */
function memoryRegistry(): SchemaRegistry {
  const texts: string[] = [];
  return {
    register: (_subject, text) => (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1) + 1,
    schemaById: (id) => ({
      text: texts[id - 1] as string,
      fingerprint: fingerprintOf(texts[id - 1] as string),
    }),
  };
}

describe.skipIf(kafka.reason !== undefined)(kafka.titled('KafkaEventBusProducer'), () => {
  let server: KafkaServer;
  const open: Producer[] = [];
  let topics = 0;
  const nextTopic = () => {
    topics += 1;
    return `items-${topics}`;
  };

  beforeAll(async () => {
    server = await kafka.start();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((producer) => producer.close()));
  });
  afterAll(async () => {
    restore();
    await server[Symbol.asyncDispose]();
  });

  const producerWith = (options: Partial<KafkaProducerOptions> = {}) => {
    const producer = new KafkaEventBusProducer({
      bootstrapServers: server.bootstrapServers,
      schemaRegistry: memoryRegistry(),
      closeTimeoutMs: 2_000,
      ...options,
    });
    open.push(producer);
    return producer;
  };
  const publish = async (producer: Producer, messages: readonly Message[]) =>
    (await producer.publishMessages(messages)).map((result) =>
      result.status === 'fulfilled' ? result.value.position : (result.reason as Error),
    );
  const bare = (topic: string, key: string | null, value: Uint8Array | null): Message => ({
    topic,
    key: key === null ? null : Buffer.from(key),
    value,
    headers: [],
  });

  it('publishes the messages of the Python producer byte for byte, and keys where it put them', async () => {
    const producer = producerWith();
    const captured = capturedMessages();
    const topic = nextTopic();
    const keys = capturedPartitions();
    const sent = [
      ...captured.map((message) => ({ ...message, topic })),
      ...keys.map(({ key }) => ({ topic, key, value: Buffer.from('x'), headers: [] })),
    ];
    const positions = await publish(producer, sent);
    const found = await readTopic(server.bootstrapServers, topic, sent.length);
    for (const [index, message] of sent.entries()) {
      const at = found.find(({ partition, offset }) => `${partition}:${offset}` === positions[index]);
      expect(plain(at as Message)).toStrictEqual(plain(message));
    }
    expect(
      positions.slice(captured.length).map((position) => Number(String(position).split(':')[0])),
    ).toStrictEqual(keys.map(({ partition }) => partition));
  });

  it('keeps repeated headers, bytes that are no text, null keys and tombstones', async () => {
    const topic = nextTopic();
    const headers: Header[] = [
      ['a', Buffer.from('1')],
      ['b', Buffer.from([0xff, 0x00, 0xfe])],
      ['a', Buffer.from('2')],
    ];
    await publish(producerWith(), [{ topic, key: null, value: null, headers }]);
    const [found] = await readTopic(server.bootstrapServers, topic, 1);
    expect(plain(found as Message)).toStrictEqual(plain({ topic, key: null, value: null, headers }));
  });

  it('resolves with the place of each event, in order of the sends of a key', async () => {
    const topic = nextTopic();
    const producer = producerWith();
    const receipts = await Promise.all(
      Array.from({ length: 600 }, (_, number) => sendItem(producer, topic, number, `key-${number % 7}`)),
    );
    const found = await readTopic(server.bootstrapServers, topic, 600);
    expect(new Set(receipts.map(({ position }) => position)).size).toBe(600);
    for (const { eventId, position } of receipts) {
      const at = found.find(({ partition, offset }) => `${partition}:${offset}` === position);
      expect(textOf(at as Message, 'ce_id')).toBe(eventId);
    }
    const inOrder = found.map((message) =>
      receipts.findIndex(({ eventId }) => eventId === textOf(message, 'ce_id')),
    );
    for (const key of [0, 1, 2, 3, 4, 5, 6]) {
      const numbers = inOrder.filter((number) => number % 7 === key);
      expect(numbers).toStrictEqual([...numbers].sort((a, b) => a - b));
    }
  });

  it('refuses what is too large before it goes out, and sends the rest', async () => {
    const topic = nextTopic();
    const producer = producerWith({ maxMessageBytes: 1_000 });
    const outcomes = await publish(producer, [
      bare(topic, 'k', Buffer.alloc(10)),
      bare(topic, 'k', Buffer.alloc(1_000)),
      bare(topic, 'k', Buffer.alloc(20)),
    ]);
    expect(outcomes[1]).toBeInstanceOf(ProduceFailedError);
    expect(outcomes[1]).toMatchObject({
      retryable: false,
      fault: 'event',
      message: expect.stringContaining('maxMessageBytes is 1000'),
    });
    expect([outcomes[0], outcomes[2]]).toStrictEqual([
      expect.stringMatching(/^\d:0$/),
      expect.stringMatching(/^\d:1$/),
    ]);
  });

  it('makes requests small enough for the broker', async () => {
    const topic = nextTopic();
    const outcomes = await publish(
      producerWith(),
      Array.from({ length: 30 }, () => bare(topic, 'k', Buffer.alloc(100_000))),
    );
    expect(outcomes.map((outcome) => String(outcome).split(':')[1])).toStrictEqual(
      Array.from({ length: 30 }, (_, offset) => String(offset)),
    );
  });

  it('finds the one message that the broker holds for too large', async () => {
    const topic = nextTopic();
    const producer = producerWith({ maxMessageBytes: 10_000_000 });
    const sizes = [10, 20, 2_000_000, 30, 40];
    const outcomes = await publish(
      producer,
      sizes.map((size) => bare(topic, 'k', Buffer.alloc(size))),
    );
    expect(outcomes[2]).toMatchObject({
      retryable: false,
      fault: 'event',
      message: expect.stringContaining('MESSAGE_TOO_LARGE'),
    });
    expect(outcomes.filter((outcome) => typeof outcome === 'string')).toHaveLength(4);
  });

  it('refuses a name that no topic can have', async () => {
    const producer = producerWith({ topicPrefix: 'p'.repeat(60) });
    const topic = `${'p'.repeat(60)}-${'t'.repeat(200)}`; // Kafka takes 249 characters
    const [outcome] = await publish(producer, [bare(topic, 'k', Buffer.alloc(1))]);
    expect(outcome).toMatchObject({
      retryable: false,
      fault: 'event',
      message: expect.stringContaining('INVALID_TOPIC_EXCEPTION'),
    });
  });

  it('waits for a topic that does not exist, and reports that', async () => {
    const topic = nextTopic();
    const producer = producerWith({ allowAutoTopicCreation: false });
    const sent = sendItem(producer, topic, 1);
    await vi.waitFor(
      () => expect(producer.health().reasons.join()).toContain('the topic does not exist: create it'),
      10_000,
    );
    const hasty = producerWith({ allowAutoTopicCreation: false, deliveryTimeoutMs: 100 });
    await expect(sendItem(hasty, topic, 2)).rejects.toMatchObject({ retryable: true, fault: 'bus' });
    await sendItem(producerWith(), topic, 0);
    await sent;
    expect(producer.health()).toMatchObject({ ready: true, reasons: [] });
  });

  it('logs nothing about a topic that the broker creates for its first event', async () => {
    const warn = vi.fn();
    using _ = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
    await sendItem(producerWith(), nextTopic(), 1);
    expect(warn).not.toHaveBeenCalled();
  });

  it('stores each event once although partitions of a topic that is being made are ready one after another', async () => {
    await using own = await startKafka({ numPartitions: 60 });
    const producer = producerWith({ bootstrapServers: own.bootstrapServers });
    const topic = nextTopic();
    const sends = Array.from({ length: 500 }, (_, number) =>
      sendItem(producer, topic, number, `name-${number}`),
    );
    const offsets = new Map<number, number[]>();
    for (const { position } of await Promise.all(sends)) {
      const [partition, offset] = String(position).split(':').map(Number) as [number, number];
      offsets.set(partition, [...(offsets.get(partition) ?? []), offset]);
    }
    for (const found of offsets.values()) {
      expect(found.sort((a, b) => a - b)).toStrictEqual(found.map((_, index) => index)); // none but these
    }
  });

  it('reports that an address is wrong', async () => {
    const bootstrapServers = `127.0.0.1:${await freePort()}`;
    const error = await sendItem(producerWith({ bootstrapServers, deliveryTimeoutMs: 300 }), 'x', 1).catch(
      (e) => e,
    );
    expect(error).toBeInstanceOf(ProduceFailedError);
    expect(error.message).toMatch(/ECONNREFUSED: is the address right \(EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS\)/);
    expect(error.cause).toBeInstanceOf(InfrastructureError);
    expect(error.fault).toBe('bus');
  });

  it('finds the broker that is there among others that are not', async () => {
    const dead = await Promise.all([freePort(), freePort()]);
    const bootstrapServers = [...dead.map((port) => `127.0.0.1:${port}`), server.bootstrapServers];
    const receipt = await sendItem(producerWith({ bootstrapServers }), nextTopic(), 1);
    expect(receipt.position).toMatch(/^\d:0$/);
  });

  it('loses nothing and rejects nothing while the broker is killed and comes back', async () => {
    const topic = nextTopic();
    const producer = producerWith();
    const accepted: string[] = [];
    const rejected: unknown[] = [];
    let isOver = false;
    const workers = Array.from({ length: 16 }, async (_, worker) => {
      for (let number = 0; !isOver; number += 1) {
        await sendItem(producer, topic, number, `key-${worker}`).then(
          ({ eventId }) => accepted.push(eventId),
          (error) => rejected.push(error),
        );
      }
    });
    for (let round = 0; round < 2; round += 1) {
      const before = accepted.length;
      await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(before + 500), 20_000);
      await server.kill();
      await vi.waitFor(() => expect(producer.health().ready).toBe(false), 10_000);
      await server.start();
    }
    isOver = true;
    await Promise.all(workers);
    expect(rejected).toStrictEqual([]);
    const found = await readTopic(server.bootstrapServers, topic, accepted.length);
    const ids = new Set(found.map((message) => textOf(message, 'ce_id')));
    expect(accepted.filter((id) => !ids.has(id))).toStrictEqual([]);
    expect(producer.health()).toMatchObject({ ready: true });
  }, 240_000);

  it('notices a broker that is frozen, and goes on when it is back', async () => {
    const topic = nextTopic();
    const producer = producerWith({ requestTimeoutMs: 1_000 });
    await sendItem(producer, topic, 0);
    await server.freeze();
    const sent = sendItem(producer, topic, 1);
    await vi.waitFor(() => expect(producer.health().reasons.join()).toContain('no answer within 1000 ms'), {
      timeout: 60_000,
      interval: 20,
    });
    await server.unfreeze();
    await sent;
    expect(producer.health()).toMatchObject({ ready: true, reasons: [] });
  });

  it('flushes on close, and ends in time while the broker is frozen', async () => {
    const topic = nextTopic();
    const quickly = producerWith();
    const flushed = Promise.all(Array.from({ length: 50 }, (_, number) => sendItem(quickly, topic, number)));
    await quickly.close();
    expect(await flushed).toHaveLength(50);

    const stuck = producerWith({ closeTimeoutMs: 100, requestTimeoutMs: 60_000 });
    await sendItem(stuck, topic, 0);
    await server.freeze();
    onTestFinished(() => server.unfreeze());
    const sent = sendItem(stuck, topic, 1).catch((error: unknown) => error);
    const startedAt = performance.now();
    await stuck.close();
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(await sent).toBeInstanceOf(ProduceFailedError);
    expect(await sent).toMatchObject({ outcome: 'unknown', fault: 'unknown', retryable: false });
  });

  it('keeps nothing of requests that were answered', async () => {
    const producer = producerWith();
    const topic = nextTopic();
    const sendSome = async () => {
      for (let number = 0; number < 500; number += 1) await sendItem(producer, topic, number);
    };
    await sendSome();
    const before = queryObjects(Promise, { format: 'count' });
    await sendSome();
    expect(queryObjects(Promise, { format: 'count' }) - before).toBeLessThan(250);
  });

  it('prints nothing and leaves no rejection behind', async () => {
    const spies = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    const lines: string[] = [];
    const logger = { debug: (_: object, line: string) => lines.push(line), info() {}, warn() {}, error() {} };
    const settings = configureEvents({ logger });
    await sendItem(producerWith(), nextTopic(), 1);
    settings[Symbol.dispose]();
    expect(lines.some((line) => line.startsWith('kafkajs: '))).toBe(true);
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});

function textOf({ headers }: Message, name: string): string {
  return Buffer.from(headers.find(([one]) => one === name)?.[1] ?? []).toString();
}

function plain({ key, value, headers }: Message) {
  const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
  return { key: hex(key), value: hex(value), headers: headers.map(([name, bytes]) => [name, hex(bytes)]) };
}

interface Captured {
  readonly messages: readonly {
    readonly key: { readonly hex: string };
    readonly value: { readonly hex: string };
    readonly headers_in_wire_order: readonly {
      readonly name: string;
      readonly value: { readonly hex: string };
    }[];
  }[];
}

function capturedMessages(): readonly Omit<Message, 'topic'>[] {
  return read<Captured>('kafka_messages.json').messages.map(({ key, value, headers_in_wire_order }) => ({
    key: Buffer.from(key.hex, 'hex'),
    value: Buffer.from(value.hex, 'hex'),
    headers: headers_in_wire_order.map(
      (header) => [header.name, Buffer.from(header.value.hex, 'hex')] as const,
    ),
  }));
}

function capturedPartitions(): readonly { readonly key: Uint8Array; readonly partition: number }[] {
  const { keys } = read<{ keys: readonly { key_hex: string | null; partition: number }[] }>(
    'kafka_partitioner.json',
  );
  return keys
    .filter(({ key_hex }) => key_hex !== null && key_hex !== '')
    .map(({ key_hex, partition }) => ({ key: Buffer.from(key_hex as string, 'hex'), partition }));
}

function read<T>(file: string): T {
  return JSON.parse(
    readFileSync(new URL(`../../../interop/data/wire/${file}`, import.meta.url), 'utf8'),
  ) as T;
}
