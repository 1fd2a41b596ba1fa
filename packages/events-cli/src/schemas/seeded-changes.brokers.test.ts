import { kafkaOrReason, redisOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { eventBus as kafkaBus } from '@openedx-ts/event-bus-kafka';
import { eventBus as redisBus } from '@openedx-ts/event-bus-redis';
import { configureEvents, silentLogger } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededExchange } from './seeded-exchange.test-support.js';
import { seededVerdicts } from './seeded-verdicts.test-support.js';

const redis = await redisOrReason();
const kafka = await kafkaOrReason();
const restore = snapshotSignals();

beforeAll(() => configureEvents({ logger: silentLogger }));
afterAll(restore);

describe.skipIf(redis.reason !== undefined)(redis.titled('schema check and a real Redis'), () => {
  it('agree about 40 seeded changes, but for keys, which are text there', async () => {
    await using server = await redis.start();
    const found = await seededExchange(redisBus, { EVENT_BUS_REDIS_CONNECTION_URL: server.url });
    const verdicts = new Map(await seededVerdicts());
    verdicts.set('the key gets another type', ['forward']);
    expect(found).toEqual(verdicts);
  }, 120_000);
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('schema check and a real Kafka'), () => {
  it('agree about 40 seeded changes', async () => {
    await using server = await kafka.start();
    await using registry = await startFakeSchemaRegistry();
    const found = await seededExchange(kafkaBus, {
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    });
    expect(found).toEqual(await seededVerdicts());
  }, 120_000);
});
