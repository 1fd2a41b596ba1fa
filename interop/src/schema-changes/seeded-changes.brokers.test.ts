import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaOrReason, redisOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { eventBus as kafkaBus } from '@openedx-ts/event-bus-kafka';
import { eventBus as redisBus } from '@openedx-ts/event-bus-redis';
import { configureEvents, silentLogger } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteropBus, InteropPlan } from '../interop-bus.js';
import { kafkaInteropBus } from '../kafka/kafka-interop-bus.js';
import { pythonOrReason } from '../python-environment.js';
import { redisInteropBus } from '../redis/redis-interop-bus.js';
import { pythonReads } from './python-readers.test-support.js';
import { seededExchange } from './seeded-exchange.test-support.js';
import { breaksOf, seededVerdicts } from './seeded-verdicts.test-support.js';

const redis = await redisOrReason();
const kafka = await kafkaOrReason();
const { python, reason: noPython } = await pythonOrReason();
const restore = snapshotSignals();
const folder = mkdtempSync(join(tmpdir(), 'seeded-python-'));

beforeAll(() => {
  configureEvents({ logger: silentLogger });
});
afterAll(() => {
  restore();
  rmSync(folder, { recursive: true, force: true });
});

/** What Python gets wrong where it breaks, and is right about elsewhere: what both agree on, of the changes that it holds. */
async function comparePython(over: 'Kafka' | 'Redis', start: (plan: InteropPlan) => Promise<InteropBus>) {
  const verdicts = await seededVerdicts();
  const reading = { python, folder, start };
  const old = await pythonReads({ ...reading, age: 'before' });
  const now = await pythonReads({ ...reading, age: 'after' });
  const held = [...verdicts].filter(([name]) => !old.left.has(name) && !now.left.has(name));
  const found = held.map(([name]) => [name, old.broken.has(name) || now.broken.has(name)]);
  expect(found).toEqual(held.map(([name, verdict]) => [name, verdict.python.includes(over)]));
  expect(held.length).toBeGreaterThanOrEqual(36);
}

describe.skipIf(redis.reason !== undefined)(redis.titled('schema check and a real Redis'), () => {
  it('agree about 40 seeded changes, but for keys, which are text there', async () => {
    await using server = await redis.start();
    const found = await seededExchange(redisBus, { EVENT_BUS_REDIS_CONNECTION_URL: server.url });
    const verdicts = new Map(breaksOf(await seededVerdicts()));
    verdicts.set('the key gets another type', ['forward']);
    expect(found).toEqual(verdicts);
  }, 240_000);

  it.skipIf(noPython !== undefined)(
    'agree about what Python services there cannot read',
    async () => {
      await using server = await redis.start();
      await comparePython('Redis', async () => redisInteropBus(server));
    },
    120_000,
  );
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('schema check and a real Kafka'), () => {
  it('agree about 40 seeded changes', async () => {
    await using server = await kafka.start();
    await using registry = await startFakeSchemaRegistry();
    const found = await seededExchange(kafkaBus, {
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    });
    expect(found).toEqual(breaksOf(await seededVerdicts()));
  }, 240_000);

  it.skipIf(noPython !== undefined)(
    'agree about what Python services there cannot read',
    async () => {
      await using server = await kafka.start();
      await using registry = await startFakeSchemaRegistry();
      await comparePython('Kafka', (plan) => kafkaInteropBus({ server, registry, python, plan }));
    },
    120_000,
  );
});
