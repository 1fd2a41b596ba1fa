import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import { Redis } from 'ioredis';
import { describe } from 'vitest';
import { redisHarness } from '../redis-harness.js';
import { singleTarget } from '../redis-target.js';
import { describeRelay } from './describe-relay.test-support.js';

const redis = await redisOrReason({ appendonly: 'always' });

describe.skipIf(redis.reason !== undefined)(redis.titled('on a real Redis'), () => {
  let server: RedisServer;
  const bus = redisHarness(async () => {
    server = await redis.start();
    return singleTarget(server);
  });
  const command = async (...args: [string, ...string[]]) => {
    const client = new Redis(server.url, { protocol: 2 });
    await client.call(...args);
    client.disconnect();
  };
  describeRelay({
    bus: {
      ...bus,
      createProducer: () => new RedisEventBusProducer({ url: server.url, maxMessageBytes: 100_000 }),
    },
    denial: (topic) => ({
      stop: () => command('SET', topic, 'no stream'),
      start: () => command('DEL', topic),
    }),
    tooLarge: 200_000,
  });
});
