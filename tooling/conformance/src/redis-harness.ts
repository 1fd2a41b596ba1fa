import {
  eventBus,
  fromEntryFields,
  RedisEventBusConsumer,
  RedisEventBusProducer,
} from '@openedx-ts/event-bus-redis';
import type { BusHarness } from '@openedx-ts/events-testing/conformance';
import { Redis } from 'ioredis';
import type { RedisTarget } from './redis-target.js';

/** Other members take over what one left behind sooner than they would in service. */
const timing = { claimIdleMs: 300, claimEveryMs: 100, leaseMs: 600 };

/** The harness of the Redis bus, with its members at work together or one at a time. */
export function redisHarness(
  start: () => Promise<RedisTarget>,
  { singleActive = false, on = '' }: { readonly singleActive?: boolean; readonly on?: string } = {},
): BusHarness {
  let target: RedisTarget;
  let clients: readonly Redis[] | undefined;
  const withClients = async (use: (client: Redis) => Promise<unknown>) => {
    clients ??= target.servers.map(({ url }) => new Redis(url, { protocol: 2 }));
    await Promise.all(clients.map(use));
  };
  return {
    ...(on === '' ? {} : { timeoutMs: 30_000 }), // a failover takes seconds
    name: `Redis bus${on}${singleActive ? ' with singleActive' : ''}`,
    capabilities: {
      orderWithSeveralConsumers: singleActive || {
        missing: 'members of a group share one stream: order needs singleActive',
      },
      startAtTime: true,
      startAtPosition: true,
      tombstones: { missing: 'an entry of a stream always has a record' },
      repeatedHeaders: true,
      binaryHeaders: true,
      deliveryCounts: true,
      acknowledgementsAhead: true,
    },
    open: async () => {
      target = await start();
    },
    close: async () => {
      for (const client of clients ?? []) client.disconnect();
      await target[Symbol.asyncDispose]();
    },
    createProducer: (options) => new RedisEventBusProducer({ ...target.options, ...options }),
    createConsumer: (options) =>
      new RedisEventBusConsumer({ ...target.options, singleActive, ...timing, ...options }),
    crashConsumer: (consumer) => (consumer as RedisEventBusConsumer).crash(),
    createAdmin: () => eventBus.createAdmin?.(target.env),
    maxMessageBytes: { missing: 'Redis has a limit for each field, and none for an entry with more fields' },
    outage: {
      stop: () => target.kill(),
      start: () => target.start(),
    },
    laneOutage: { missing: 'a topic is one stream, and so one lane' },
    refusal: {
      stop: () => withClients((client) => client.config('SET', 'maxmemory', '1')),
      start: () => withClients((client) => client.config('SET', 'maxmemory', '0')),
    },
    readTopic: async (fullTopic) => {
      const client = new Redis((await target.serverOf(fullTopic)).url, { protocol: 2 });
      const entries = (await client.callBuffer('XRANGE', fullTopic, '-', '+')) as [Buffer, Buffer[]][];
      client.disconnect();
      return entries.map(([, fields]) => fromEntryFields(fullTopic, fields));
    },
  };
}
