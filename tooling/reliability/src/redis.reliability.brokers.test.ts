import { fileURLToPath } from 'node:url';
import { postgresOrReason, redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { redisUnderTest } from './buses/redis-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { brokerFlushes } from './scenarios/broker-flushes.js';
import { brokerFreezes } from './scenarios/broker-freezes.js';
import { brokerKills } from './scenarios/broker-kills.js';
import { consumerKills } from './scenarios/consumer-kills.js';
import { crashPoison, hungHandler, poison } from './scenarios/failing-events.js';
import { halfOpenSockets } from './scenarios/half-open-sockets.js';
import { postgresInboxKills, redisInboxKills } from './scenarios/inbox-kills.js';
import { orderedTakeOvers } from './scenarios/ordered-take-overs.js';
import { orderedRollingRestart, rollingRestart } from './scenarios/rolling-restart.js';

const redis = await redisOrReason({ appendonly: 'always', own: true });
const seed = 20_260_101;

/** What holds whatever is done to the bus. */
const allHandled = (events: number) => ({
  accepted: events,
  handled: events,
  rejected: 0,
  lost: 0,
  ghosts: 0,
  left: { stored: events, pending: 0, unread: 0 },
  broken: [],
});

async function runShort(scenario: Scenario) {
  const result = await runScenario(scenario, { bus: redisUnderTest, seed, size: scenario.sizes.short });
  process.stdout.write(`${figuresOf(result)}\n`);
  return result;
}

describe.skipIf(redis.reason !== undefined)(redis.titled('the Redis bus'), { timeout: 180_000 }, () => {
  it('loses nothing of 50,000 events when a consumer is killed 20 times, and brings at most a batch again', async () => {
    const result = await runShort(consumerKills);
    expect(result).toMatchObject({ ...allHandled(50_000), faults: 20 });
    expect(result.worstRedelivered).toBeLessThanOrEqual(100);
  });

  it('delivers all of 50,000 events while Redis is killed 10 times, rejects none and stores none twice', async () => {
    const result = await runShort(brokerKills);
    expect(result).toMatchObject({ ...allHandled(50_000), faults: 10 });
    expect(result.slowestSendMs).toBeLessThan(result.worstOutageMs + 5_000);
  });

  it('loses and stores twice nothing while Redis does not answer for longer than its clients wait', async () => {
    const result = await runShort(brokerFreezes);
    expect(result).toMatchObject({ ...allHandled(10_000), faults: 1, duplicates: 0 });
  });

  it('goes on with all of its events when Redis has forgotten stream, group and schemas', async () => {
    const result = await runShort(brokerFlushes);
    const left = { pending: 0, unread: 0 };
    expect(result).toMatchObject({ ...allHandled(10_000), left, faults: 3 });
    expect(result.worstRecoveryMs).toBeLessThan(10_000);
  });

  it('keeps the order of every key while members that keep order die, freeze and stop', async () => {
    const result = await runShort(orderedTakeOvers);
    expect(result).toMatchObject({ ...allHandled(20_000), faults: 6, orderViolations: 0 });
  });

  it('delivers every event once while all members are restarted under load', async () => {
    const result = await runShort(rollingRestart);
    expect(result).toMatchObject({
      ...allHandled(30_000),
      faults: 4,
      duplicates: 0,
      redeliveredOtherwise: 0,
    });
  });

  it('delivers every event once and in order while all members that keep order are restarted', async () => {
    const result = await runShort(orderedRollingRestart);
    expect(result).toMatchObject({ ...allHandled(30_000), faults: 4, duplicates: 0, orderViolations: 0 });
  });
});

const postgres = await postgresOrReason({ own: true });

describe.skipIf(redis.reason !== undefined)(
  redis.titled('the Redis bus and its receivers'),
  { timeout: 60_000 },
  () => {
    it('puts each event that always fails among the dead letters once, and handles the others', async () => {
      const result = await runShort(poison);
      expect(result).toMatchObject({ ...allHandled(10_000), handled: 9_900 });
      expect(result.deadLetters).toStrictEqual({ events: 100, twice: 0, wrong: 0, missing: 0 });
    });

    it('puts each event that ends its process among the dead letters once, and handles the others', async () => {
      const result = await runShort(crashPoison);
      expect(result).toMatchObject({ ...allHandled(4_000), handled: 3_996 });
      expect(result.deadLetters).toStrictEqual({ events: 4, twice: 0, wrong: 0, missing: 0 });
    });

    it('goes on after receivers that never come to an end', async () => {
      const result = await runShort(hungHandler);
      expect(result).toMatchObject({ ...allHandled(4_000), handled: 3_998 });
      expect(result.deadLetters).toStrictEqual({ events: 2, twice: 0, wrong: 0, missing: 0 });
    });

    it('loses nothing on connections that carry nothing and stay open', async () => {
      const result = await runShort(halfOpenSockets);
      expect(result).toMatchObject({ ...allHandled(10_000), faults: 1 });
    });

    it('has every effect, with an inbox in Redis, and at most one twice for each kill', async () => {
      const result = await runShort(redisInboxKills);
      expect(result).toMatchObject({ ...allHandled(2_000), faults: 2, effects: { events: 2_000 } });
      expect(result.effects?.twice).toBeLessThanOrEqual(2);
    });

    it.skipIf(postgres.reason !== undefined)(
      postgres.titled('has every effect once, with an inbox in PostgreSQL'),
      async () => {
        const result = await runShort(postgresInboxKills);
        expect(result).toMatchObject({
          ...allHandled(2_000),
          faults: 2,
          effects: { events: 2_000, twice: 0 },
        });
      },
    );
  },
);

describe.skipIf(redis.reason !== undefined)(redis.titled('the rig'), { timeout: 60_000 }, () => {
  it('finds what a bus loses that acknowledges before it has handled', async () => {
    const plugin = fileURLToPath(new URL('./buses/acknowledges-too-early.test-support.ts', import.meta.url));
    const bus: BusUnderTest = {
      name: 'too early',
      isAlwaysInOrder: false,
      start: async () => {
        const broker = await redisUnderTest.start();
        return { ...broker, env: { ...broker.env, EVENT_BUS: plugin } };
      },
    };
    const size = { events: 3_000, faults: 1 };
    const result = await runScenario(consumerKills, { bus, seed, size });
    expect(result.lost).toBeGreaterThan(0);
    expect(result).toMatchObject({ accepted: 3_000, ghosts: 0, left: { pending: 0, unread: 0 } });
    expect(result.broken).toContain(`${result.lost} events lost`);
  });
});
