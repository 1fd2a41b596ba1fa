import {
  type FakeSchemaRegistry,
  type KafkaServer,
  makeTopics,
  startFakeSchemaRegistry,
} from '@openedx-ts/brokers';
import { deadLetterTopic, type Message, snapshotSignals } from '@openedx-ts/events-core/bus';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { ITEM, type ItemEvent, sendItem } from './item.test-support.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import type { KafkaConsumerOptions } from './options/kafka-consumer-options.js';
import type { KafkaProducerOptions } from './options/kafka-options.js';
import { readTopic } from './topic-reader.test-support.js';

/** For `vi.waitFor`: a machine may be busy. */
export const patient = { timeout: 60_000, interval: 10 };

/** What a bench needs of a Kafka: a server or a cluster. */
export interface BenchServer extends AsyncDisposable {
  readonly bootstrapServers: string;
}

/** A Kafka and a schema registry for the tests of a `describe`, and what they create and look at there. */
export class KafkaBench<Server extends BenchServer = KafkaServer> {
  readonly #opened: { close(): Promise<void> }[] = [];
  readonly #connections: Disposable[] = [];
  #server: Server | undefined;
  #registry: FakeSchemaRegistry | undefined;
  #openAdmin: Admin | undefined;
  #topics = 0;

  /** Create it inside `describe`. Signals that are defined in the tests are removed after them. */
  constructor(kafka: { start(): Promise<Server> }) {
    const restore = snapshotSignals();
    beforeAll(async () => {
      this.#server = await kafka.start();
      this.#registry = await startFakeSchemaRegistry();
      this.#openAdmin = new Kafka({
        brokers: this.#server.bootstrapServers.split(','),
        logLevel: logLevel.NOTHING,
        retry: { initialRetryTime: 50, retries: 20, maxRetryTime: 500 },
      }).admin();
      await this.#openAdmin.connect();
    });
    afterEach(() => this.clear());
    afterAll(async () => {
      await this.#openAdmin?.disconnect();
      await this.#registry?.[Symbol.asyncDispose]();
      await this.#server?.[Symbol.asyncDispose]();
      restore();
    });
  }

  get server(): Server {
    return this.#server as Server;
  }

  get registry(): FakeSchemaRegistry {
    return this.#registry as FakeSchemaRegistry;
  }

  get #admin(): Admin {
    return this.#openAdmin as Admin;
  }

  async newTopic(numPartitions = 1, config: Readonly<Record<string, string>> = {}): Promise<string> {
    this.#topics += 1;
    const topic = `items-${this.#topics}`;
    await this.makeTopic(topic, config, numPartitions);
    return topic;
  }

  /** Deletes a topic, and creates one of its name once the broker has done that. */
  async recreateTopic(topic: string, numPartitions = 1): Promise<void> {
    await this.deleteTopic(topic);
    await makeTopics(this.#admin, [{ topic, numPartitions }]);
  }

  /** Deletes a topic, and resolves once the broker has done that. */
  async deleteTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
    await vi.waitFor(async () => expect(await this.topicNames()).not.toContain(topic), patient);
  }

  topicNames(): Promise<readonly string[]> {
    return this.#admin.listTopics();
  }

  /** Creates a topic with settings of its own. */
  async makeTopic(topic: string, config: Readonly<Record<string, string>>, numPartitions = 1): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await makeTopics(this.#admin, [{ topic, numPartitions, configEntries }]);
  }

  /** The dead-letter topic of a topic and its group. */
  deadLetterTopic(topic: string): string {
    return deadLetterTopic(topic, groupOf(topic));
  }

  newProducer(options: Partial<KafkaProducerOptions> = {}): KafkaEventBusProducer {
    return this.opened(new KafkaEventBusProducer({ ...this.#client(), closeTimeoutMs: 1_000, ...options }));
  }

  /** A member of the group of its topic, which begins with the first event. */
  newConsumer(topic: string, options: Partial<KafkaConsumerOptions> = {}): KafkaEventBusConsumer {
    return this.opened(
      new KafkaEventBusConsumer({
        ...this.#client(),
        topics: [topic],
        groupId: groupOf(topic),
        startFrom: 'earliest',
        sessionTimeoutMs: 6_000,
        heartbeatIntervalMs: 200,
        maxWaitMs: 50,
        initialBackoffMs: 20,
        ...options,
      }),
    );
  }

  /** To be closed after the test. */
  opened<T extends { close(): Promise<void> }>(member: T): T {
    this.#opened.push(member);
    return member;
  }

  /** The numbers that arrive, and what the receiver does meanwhile. */
  collect(handle: (event: ItemEvent) => unknown = () => {}): number[] {
    const arrived: number[] = [];
    const connection = ITEM.connect(async (event) => {
      if (!event.fromEventBus) return;
      await handle(event);
      arrived.push(event.data.item.number);
    });
    this.#connections.push(connection);
    return arrived;
  }

  /** The message of an event as a producer makes it, to be sent as it is or spoilt. */
  async message(number: number): Promise<Message> {
    const topic = await this.newTopic();
    await using producer = this.newProducer();
    await sendItem(producer, topic, number);
    const [message] = await readTopic(this.server.bootstrapServers, topic, 1);
    return message as Message;
  }

  /** Publishes messages to a topic as they are, one after the other. */
  async publish(topic: string, messages: readonly Omit<Message, 'topic'>[]): Promise<void> {
    await using producer = this.newProducer();
    await producer.publishMessages(
      messages.map(({ key, value, headers }) => ({ topic, key, value, headers })),
    );
  }

  /** Where the group of a topic is, by partition; -1 where it has no position. */
  async committed(topic: string): Promise<ReadonlyMap<number, number>> {
    const answer = await this.#admin.fetchOffsets({ groupId: groupOf(topic), topics: [topic] });
    return new Map(
      answer.flatMap(({ partitions }) =>
        partitions.map(({ partition, offset }) => [partition, Number(offset)]),
      ),
    );
  }

  /** Codes of the dead letters of a topic, in the order of their sources. */
  async deadLetterCodes(topic: string, count: number): Promise<readonly string[]> {
    const deadLetters = await readTopic(
      this.server.bootstrapServers,
      deadLetterTopic(topic, groupOf(topic)),
      count,
    );
    return [...deadLetters]
      .sort((a, b) => offsetOf(a) - offsetOf(b))
      .map((letter) => headerOf(letter, 'dlq-code'));
  }

  /** Closes what the test opened, and heals the registry; also runs after each test. */
  async clear(): Promise<void> {
    for (const connection of this.#connections.splice(0)) connection[Symbol.dispose]();
    await Promise.all(this.#opened.splice(0).map((member) => member.close()));
    this.registry.heal();
    await this.registry.stop(); // breaks what hangs
    await this.registry.start();
  }

  #client() {
    const { bootstrapServers } = this.server;
    return { bootstrapServers, schemaRegistry: { url: this.registry.url } };
  }
}

function groupOf(topic: string): string {
  return `group-of-${topic}`;
}

function headerOf({ headers }: Message, name: string): string {
  return Buffer.from(headers.find(([one]) => one === name)?.[1] ?? []).toString();
}

/** Of the event that a dead letter was made of. */
function offsetOf(letter: Message): number {
  return Number(headerOf(letter, 'dlq-source').split(':').at(-1));
}
