import { freePort, kafkaOrReason, redisOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { eventBus as kafkaBus } from '@openedx-ts/event-bus-kafka';
import { eventBus as redisBus } from '@openedx-ts/event-bus-redis';
import { describe, it } from 'vitest';
import { expectNoPersonalData } from './describe-personal-data.test-support.js';
import { personalSignals } from './personal-data.test-support.js';

const redis = await redisOrReason();
const kafka = await kafkaOrReason();
const title = 'no personal value of an event is in any output, whatever fails';

/** Some of the events that have personal data: with lists, maps, bytes and keys. */
async function someSignals() {
  const signals = await personalSignals();
  return signals.filter((_, index) => index % 10 === 0);
}

describe.skipIf(redis.reason !== undefined)(redis.titled('personal data on Redis'), () => {
  it(title, async () => {
    await using server = await redis.start();
    const unreachable = `redis://127.0.0.1:${await freePort()}`;
    const bus = {
      plugin: redisBus,
      args: ['--bus', 'redis'],
      env: { EVENT_BUS_REDIS_CONNECTION_URL: server.url },
      unreachable: { EVENT_BUS_REDIS_CONNECTION_URL: unreachable },
    };
    await expectNoPersonalData(bus, 'personal', await someSignals());
  });
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('personal data on Kafka'), () => {
  it(title, async () => {
    const registry = await startFakeSchemaRegistry();
    try {
      await using server = await kafka.start();
      const env = {
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      };
      const unreachable = { ...env, EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}` };
      const bus = { plugin: kafkaBus, args: ['--bus', 'kafka'], env, unreachable };
      await expectNoPersonalData(bus, 'personal', await someSignals());
    } finally {
      await registry.stop();
    }
  });
});
