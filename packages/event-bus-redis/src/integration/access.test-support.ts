import { readFileSync } from 'node:fs';
import type { RedisServer } from '@openedx-ts/brokers';
import { startFaultProxy } from '@openedx-ts/brokers';
import type { Redis } from 'ioredis';
import { vi } from 'vitest';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import {
  add,
  ITEM,
  itemFields,
  loggedLines,
  pendingOf,
  RunningConsumer,
  replaced,
  sendItem,
} from './redis-bench.test-support.js';

export const password = 'hunter2';

/** The commands that the README adds for a producer that trims acknowledged entries. */
export function documentedTrimmingRights(): string {
  const [, rights = ''] = /With `trim: 'acknowledged'` add `([^`]+)`/.exec(readme()) ?? [];
  return rights;
}

/** The commands that the README adds for a consumer with `singleActive`. */
export function documentedLeaseRights(): string {
  const [, rights = ''] = /A `consumer` with `singleActive`: add `([^`]+)`/.exec(readme()) ?? [];
  return rights;
}

/** What the README adds on a Redis Cluster: for each role, for a doctor, and the keys of leases. */
export function documentedClusterRights(): readonly [role: string, doctor: string, leaseKeys: string] {
  const [, role = '', doctor = '', leaseKeys = ''] =
    /Cluster\][^`]*each role also needs `([^`]+)`, `doctor` also `([^`]+)`, and[^~]*`(~[^`]+)`/.exec(
      readme(),
    ) ?? [];
  return [role, doctor, leaseKeys];
}

/** The ACL rules of the README, by user: for a deployment with a prefix, or without one. */
export function documentedRoles(where: 'with a prefix' | 'without a prefix'): ReadonlyMap<string, string> {
  const lines = [...readme().matchAll(/^user (\w+) (on >PASSWORD .*)$/gm)];
  const wanted = lines.filter(([line]) => line.includes('~dev-*') === (where === 'with a prefix'));
  return new Map(
    wanted.map(([, user, rules]) => [user as string, (rules as string).replace('PASSWORD', password)]),
  );
}

function readme(): string {
  return readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
}

export interface ExchangeOptions {
  readonly server: RedisServer;
  /** A client without restrictions. */
  readonly client: Redis;
  readonly topic: string;
  readonly topicPrefix?: string | undefined;
  readonly singleActive?: boolean;
}

/**
 * Runs every command that a producer and two consumers send to Redis: they create the group, claim entries of a dead
 * member, write a dead letter, return entries as they stop, restart, and reconnect.
 */
export class Exchange implements AsyncDisposable {
  readonly #options: ExchangeOptions;
  readonly #logged = loggedLines();
  readonly #reported: string[] = [];
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Everything that was logged or thrown. */
  get reported(): string {
    return [...this.#logged.lines, ...this.#reported].join('\n');
  }

  run(): Promise<void> {
    this.#running = this.#run();
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#running.catch(() => {});
    this.#logged[Symbol.dispose]();
  }

  async #run(): Promise<void> {
    const { server, client, topic, topicPrefix, singleActive = false } = this.#options;
    const stream = topicPrefix === undefined ? topic : `${topicPrefix}-${topic}`;
    const received: number[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    using _receiver = ITEM.connect(async ({ data: { item }, fromEventBus }) => {
      if (!fromEventBus) return;
      received.push(item.number);
      if (item.number === 0) await held;
    });
    await using proxy = await startFaultProxy({ target: server });
    const url = (user: string, port: number) => `redis://${user}:${password}@${server.host}:${port}`;
    await using producer = new RedisEventBusProducer({
      url: url('producer', proxy.port),
      topicPrefix,
      closeTimeoutMs: 100,
    });
    const send = (number: number) =>
      sendItem(producer, topic, number).catch((error: Error) => void this.#reported.push(String(error)));
    const consume = () => {
      const timing = { claimIdleMs: 1, claimEveryMs: 20, drainTimeoutMs: 50, startFrom: 'earliest' } as const;
      const common = {
        url: url('consumer', server.port),
        topics: [topic],
        topicPrefix,
        groupId: 'g',
        singleActive,
      };
      return new RunningConsumer({ ...common, ...timing });
    };
    const until = (consumer: RunningConsumer, isDone: () => boolean | Promise<boolean>) =>
      this.#until(consumer, isDone);
    try {
      await send(1);
      await client.xgroup('CREATE', stream, 'g', '0', 'MKSTREAM');
      await client.xreadgroup('GROUP', 'g', 'dead', 'COUNT', 1, 'STREAMS', stream, '>');
      const first = consume();
      await until(first, () => received.includes(1));
      await add(client, stream, replaced(itemFields(2), 'event_data', 'x'));
      await until(first, async () => (await client.xlen(`${stream}.g.dlq`)) === 1);
      await send(0);
      await until(first, () => received.includes(0));
      await first[Symbol.asyncDispose]();
      release();
      const second = consume();
      await until(second, async () => (await pendingOf(client, stream, 'g')) === 0);
      await second[Symbol.asyncDispose]();
      const third = consume();
      await Promise.all([send(2), send(4)]); // of one key: in one transaction
      proxy.oneWayCut('toClient');
      const sent = send(3);
      await until(third, () => received.includes(3));
      proxy.reset();
      proxy.heal();
      await sent;
      await until(third, async () => (await pendingOf(client, stream, 'g')) === 0);
      await third[Symbol.asyncDispose]();
    } finally {
      release();
    }
  }

  /** Waits; ends with what the consumer ended with, or when nobody waits any more. */
  async #until(consumer: RunningConsumer, isDone: () => boolean | Promise<boolean>): Promise<void> {
    const isOver = () => this.#isStopped || consumer.failure !== undefined;
    const look = async () => {
      if (!isOver() && !(await isDone())) throw new Error('the exchange got stuck');
    };
    await vi.waitFor(look, { timeout: 60_000, interval: 10 });
    if (!isOver()) return;
    if (consumer.failure !== undefined) this.#reported.push(String(consumer.failure));
    await consumer[Symbol.asyncDispose]();
    throw new Error('the exchange did not come to its end', { cause: consumer.failure });
  }
}
