import type { RedisServer } from '@openedx-ts/brokers';
import {
  eventBus,
  fromEntryFields,
  RedisEventBusConsumer,
  RedisEventBusProducer,
} from '@openedx-ts/event-bus-redis';
import type { BusHarness } from '@openedx-ts/events-testing/conformance';
import { Redis } from 'ioredis';

/** Other members take over what one left behind sooner than they would in service. */
const timing = { claimIdleMs: 300, claimEveryMs: 100, leaseMs: 600 };

/** The harness of the Redis bus, with its members at work together or one at a time. */
export function redisHarness(
  start: () => Promise<RedisServer>,
  { singleActive = false }: { readonly singleActive?: boolean } = {},
): BusHarness {
  let server: RedisServer;
  let client: Redis | undefined;
  const withClient = async (use: (client: Redis) => Promise<unknown>) => {
    client ??= new Redis(server.url, { protocol: 2 });
    await use(client);
  };
  return {
    name: singleActive ? 'Redis bus with singleActive' : 'Redis bus',
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
      server = await start();
    },
    close: async () => {
      client?.disconnect();
      await server[Symbol.asyncDispose]();
    },
    createProducer: (options) => new RedisEventBusProducer({ url: server.url, ...options }),
    createConsumer: (options) =>
      new RedisEventBusConsumer({ url: server.url, singleActive, ...timing, ...options }),
    crashConsumer: (consumer) => (consumer as RedisEventBusConsumer).crash(),
    createAdmin: () => eventBus.createAdmin?.({ EVENT_BUS_REDIS_CONNECTION_URL: server.url }),
    maxMessageBytes: { missing: 'Redis has a limit for each field, and none for an entry with more fields' },
    outage: { stop: () => server.kill(), start: () => server.start() },
    refusal: {
      stop: () => withClient((client) => client.config('SET', 'maxmemory', '1')),
      start: () => withClient((client) => client.config('SET', 'maxmemory', '0')),
    },
    readTopic: async (fullTopic) => {
      const client = new Redis(server.url, { protocol: 2 });
      const entries = (await client.callBuffer('XRANGE', fullTopic, '-', '+')) as [Buffer, Buffer[]][];
      client.disconnect();
      return entries.map(([, fields]) => fromEntryFields(fullTopic, fields));
    },
  };
}
