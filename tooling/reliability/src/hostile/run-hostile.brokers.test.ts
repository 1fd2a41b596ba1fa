import { kafkaOrReason, redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import type { BusUnderTest } from '../buses/bus-under-test.js';
import { kafkaUnderTest } from '../buses/kafka-under-test.js';
import { redisUnderTest } from '../buses/redis-under-test.js';
import { hostileFiguresOf } from './hostile-result.js';
import { runHostile } from './run-hostile.js';

const redis = await redisOrReason({ appendonly: 'always', own: true });
const kafka = await kafkaOrReason({ own: true });

/** Some ten attacks; `npm run reliability -- --only hostile` goes on for minutes and draws every kind. */
const seconds = 8;

async function run(bus: BusUnderTest) {
  const result = await runHostile({ bus, seed: 20_260_101, seconds });
  process.stdout.write(`${hostileFiguresOf(result)}\n`);
  return result;
}

describe.skipIf(redis.reason !== undefined)(redis.titled('consumers of Redis'), { timeout: 240_000 }, () => {
  it('handle the good event behind hostile entries, schemas, leases and group members', async () => {
    const result = await run(redisUnderTest);
    expect(result.broken).toEqual([]);
    expect(result.attacks).toBeGreaterThan(0);
  });
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('consumers of Kafka'), { timeout: 240_000 }, () => {
  it('handle the good event behind hostile records, batches, schemas, commits and group members', async () => {
    const result = await run(kafkaUnderTest);
    expect(result.broken).toEqual([]);
    expect(result.attacks).toBeGreaterThan(0);
  });
});
