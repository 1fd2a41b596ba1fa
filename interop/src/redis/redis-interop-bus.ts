import type { RedisServer } from '@openedx-ts/brokers';
import { RedisEventBusConsumer, RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import { Redis } from 'ioredis';
import type { EventOnBus, InteropBus } from '../interop-bus.js';

/** A Redis that both sides are on. It ends with the bus. */
export function redisInteropBus(server: RedisServer): InteropBus {
  const { url } = server;
  const connection = new URL(url);
  // The default of redis-py 8, 5 s, is shorter than the consumer's blocking read.
  connection.searchParams.set('socket_timeout', '90');
  return {
    settings: {
      EVENT_BUS_PRODUCER: 'edx_event_bus_redis.create_producer',
      EVENT_BUS_CONSUMER: 'edx_event_bus_redis.RedisEventConsumer',
      EVENT_BUS_REDIS_CONNECTION_URL: connection.href,
    },
    consumerExtra: { consumer_name: 'interop', check_backlog: true },
    createProducer: (options) => new RedisEventBusProducer({ url, ...options }),
    createConsumer: (options) => new RedisEventBusConsumer({ url, blockMs: 500, ...options }),
    read: (topics) => readStreams(url, topics),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function readStreams(
  url: string,
  streams: readonly string[],
): Promise<ReadonlyMap<string, EventOnBus>> {
  const client = new Redis(url, { protocol: 2 });
  const found = new Map<string, EventOnBus>();
  for (const stream of streams) {
    for (const [, parts] of await client.xrangeBuffer(stream, '-', '+')) {
      const names = parts.filter((_, index) => index % 2 === 0).map(String);
      const field = (name: string) => parts[2 * names.indexOf(name) + 1] as Buffer;
      found.set(String(field('id')), { names, bytes: field('event_data').toString('hex') });
    }
  }
  client.disconnect();
  return found;
}
