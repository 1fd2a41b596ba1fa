import { kafkaOrReason, redisOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { eventBus as kafkaBus } from '@openedx-ts/event-bus-kafka';
import { eventBus as redisBus } from '@openedx-ts/event-bus-redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventBus as memoryBus, showBrokerToOperators } from '../memory-bus.test-support.js';
import { changeActions } from './change-actions.test-support.js';
import { type BusOfConsole, type ConsoleBench, openConsoleBench } from './console-bench.test-support.js';
import { viewActions } from './view-actions.test-support.js';

const redis = await redisOrReason();
const kafka = await kafkaOrReason();

/** Every action of every screen, in the browser and by the command. */
function describeScreens(
  title: string,
  open: (ends: AsyncDisposable[]) => Promise<BusOfConsole>,
  reason?: string,
) {
  describe.skipIf(reason !== undefined)(title, () => {
    let bench: ConsoleBench;
    const ends: AsyncDisposable[] = [];
    beforeAll(async () => {
      bench = await openConsoleBench(await open(ends));
      ends.push(bench);
    }, 240_000);
    afterAll(async () => {
      for (const end of ends.reverse()) await end[Symbol.asyncDispose]();
    });

    it.each([...viewActions, ...changeActions])('$screen: $action, as $command', ({ check }) => check(bench));
    it('shows no error but that of a position that is none', () =>
      expect(new Set(bench.complaints)).toEqual(
        new Set(['Failed to load resource: the server responded with a status of 400 (Bad Request)']),
      ));
  });
}

describeScreens('the console on the memory bus', async () => {
  showBrokerToOperators();
  return { plugin: memoryBus, name: './memory-bus.test-support.ts', env: {} };
});

describeScreens(
  redis.titled('the console on Redis'),
  async (ends) => {
    const server = await redis.start();
    ends.push(server);
    return { plugin: redisBus, name: 'redis', env: { EVENT_BUS_REDIS_CONNECTION_URL: server.url } };
  },
  redis.reason,
);

describeScreens(
  kafka.titled('the console on Kafka'),
  async (ends) => {
    const registry = await startFakeSchemaRegistry();
    ends.push({ [Symbol.asyncDispose]: () => registry.stop() });
    const server = await kafka.start();
    ends.push(server);
    const env = {
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    };
    return { plugin: kafkaBus, name: 'kafka', env };
  },
  kafka.reason,
);
