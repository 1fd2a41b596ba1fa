import type { RedisOrReason, RedisServer } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { RedisConsumerOptions, RedisProducerOptions } from '../options/redis-options.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { type EntryField, entriesOf, pendingOf, RunningConsumer } from './redis-bench.test-support.js';

/** A real Redis for the tests of a `describe`, with a separate topic for each test. */
export class RedisTestServer {
  readonly groupId = 'g';
  readonly #name: string;
  #server: RedisServer | undefined;
  #client: Redis | undefined;
  #tests = 0;

  /** Create it inside `describe`. Signals that are defined in the tests are removed after them. */
  constructor(redis: RedisOrReason, name: string) {
    this.#name = name;
    const restore = snapshotSignals();
    beforeAll(async () => {
      this.#server = await redis.start();
      this.#client = new Redis(this.#server.url);
      this.#client.on('error', () => {}); // it goes away in some tests
    });
    afterAll(async () => {
      this.#client?.disconnect();
      await this.#server?.[Symbol.asyncDispose]();
      restore();
    });
    beforeEach(() => {
      this.#tests += 1;
    });
  }

  get server(): RedisServer {
    return this.#server as RedisServer;
  }

  get client(): Redis {
    return this.#client as Redis;
  }

  get topic(): string {
    return `${this.#name}-${process.pid}-${this.#tests}`;
  }

  get deadLetterStream(): string {
    return `${this.topic}.${this.groupId}.dlq`;
  }

  consume(options: Partial<RedisConsumerOptions> = {}): RunningConsumer {
    const { groupId } = this;
    return new RunningConsumer({ url: this.server.url, topics: [this.topic], groupId, ...options });
  }

  produce(options: Partial<RedisProducerOptions> = {}): RedisEventBusProducer {
    return new RedisEventBusProducer({ url: this.server.url, ...options });
  }

  readonly deadLetters = (): Promise<EntryField[][]> => entriesOf(this.client, this.deadLetterStream);

  /** How many entries the group has been given and not acknowledged. */
  readonly pending = (): Promise<number> => pendingOf(this.client, this.topic, this.groupId);
}
