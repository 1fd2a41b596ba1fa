import type { RedisCluster, RedisClusterOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import { slotOf } from '../driver/command-key.js';
import type { RedisConsumerOptions, RedisProducerOptions } from '../options/redis-options.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { RunningConsumer } from './redis-bench.test-support.js';

/** A Redis Cluster for the tests of a `describe`, with separate topics for each test: one on each of its primaries. */
export class RedisTestCluster {
  readonly groupId = 'g';
  readonly #name: string;
  #cluster: RedisCluster | undefined;
  #tests = 0;

  /** Create it inside `describe`. Signals that are defined in the tests are removed after them. */
  constructor(redis: RedisClusterOrReason, name: string) {
    this.#name = name;
    const restore = snapshotSignals();
    beforeAll(async () => {
      this.#cluster = await redis.start();
    });
    afterAll(async () => {
      await this.#cluster?.[Symbol.asyncDispose]();
      restore();
    });
    beforeEach(() => {
      this.#tests += 1;
    });
  }

  get cluster(): RedisCluster {
    return this.#cluster as RedisCluster;
  }

  /** Topics in the first, the second and the third part of the slots, so on three nodes. */
  get topics(): readonly [string, string, string] {
    const on = (part: number) => {
      for (let number = 0; ; number += 1) {
        const topic = `${this.#name}-${process.pid}-${this.#tests}-${number}`;
        if (Math.floor((slotOf(topic) * 3) / 16_384) === part) return topic;
      }
    };
    return [on(0), on(1), on(2)];
  }

  get #common() {
    return { url: this.cluster.url, cluster: this.cluster.nodes.map(({ host, port }) => `${host}:${port}`) };
  }

  consume(options: Partial<RedisConsumerOptions> = {}): RunningConsumer {
    return new RunningConsumer({ ...this.#common, topics: this.topics, groupId: this.groupId, ...options });
  }

  produce(options: Partial<RedisProducerOptions> = {}): RedisEventBusProducer {
    return new RedisEventBusProducer({ ...this.#common, ...options });
  }

  admin(settings: Readonly<Record<string, string>> = {}): RedisEventBusAdmin {
    const { url, cluster } = this.#common;
    return new RedisEventBusAdmin({
      EVENT_BUS_REDIS_CONNECTION_URL: url,
      EVENT_BUS_REDIS_CLUSTER: cluster.join(','),
      ...settings,
    });
  }
}
