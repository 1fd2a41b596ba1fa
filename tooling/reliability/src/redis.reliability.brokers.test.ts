import { fileURLToPath } from 'node:url';
import { postgresOrReason, redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { redisUnderTest } from './buses/redis-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario, ScenarioSize } from './scenario.js';
import { brokerFlushes } from './scenarios/broker-flushes.js';
import { brokerFreezes } from './scenarios/broker-freezes.js';
import { brokerKills } from './scenarios/broker-kills.js';
import { consumerKills } from './scenarios/consumer-kills.js';
import { crashPoison, hungHandler, poison } from './scenarios/failing-events.js';
import { halfOpenSockets } from './scenarios/half-open-sockets.js';
import { postgresInboxKills, redisInboxKills } from './scenarios/inbox-kills.js';
import { orderedTakeOvers } from './scenarios/ordered-take-overs.js';
import { poisonRestarts } from './scenarios/poison-restarts.js';
import { orderedRollingRestart, rollingRestart } from './scenarios/rolling-restart.js';
import { sizeUnderTest } from './size-under-test.js';

const redis = await redisOrReason({ appendonly: 'always', own: true });
const seed = 20_260_101;

/** What holds whatever is done to the bus. */
const allHandled = ({ events }: ScenarioSize) => ({
  accepted: events,
  handled: events,
  rejected: 0,
  lost: 0,
  ghosts: 0,
  left: { stored: events, pending: 0, unread: 0 },
  broken: [],
});

async function run(scenario: Scenario) {
  const size = sizeUnderTest(scenario);
  const result = await runScenario(scenario, { bus: redisUnderTest, seed, size });
  process.stdout.write(`${figuresOf(result)}\n`);
  return { result, size };
}

describe.skipIf(redis.reason !== undefined)(redis.titled('the Redis bus'), { timeout: 240_000 }, () => {
  it('loses nothing when a consumer is killed again and again, and brings at most a batch again', async () => {
    const { result, size } = await run(consumerKills);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults });
    expect(result.worstRedelivered).toBeLessThanOrEqual(100);
  });

  it('delivers every event while Redis is killed again and again, rejects none and stores none twice', async () => {
    const { result, size } = await run(brokerKills);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults });
    expect(result.slowestSendMs).toBeLessThan(result.worstOutageMs + 20_000);
  });

  it('loses and stores twice nothing while Redis does not answer for longer than its clients wait', async () => {
    const { result, size } = await run(brokerFreezes);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults, duplicates: 0 });
  });

  it('goes on with all of its events when Redis has forgotten stream, group and schemas', async () => {
    const { result, size } = await run(brokerFlushes);
    const left = { pending: 0, unread: 0 };
    expect(result).toMatchObject({ ...allHandled(size), left, faults: size.faults });
    expect(result.worstRecoveryMs).toBeLessThan(30_000);
  });

  it('keeps the order of every key while members that keep order die, freeze and stop', async () => {
    const { result, size } = await run(orderedTakeOvers);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults, orderViolations: 0 });
  });

  it('delivers every event once while all members are restarted under load', async () => {
    const { result, size } = await run(rollingRestart);
    expect(result).toMatchObject({
      ...allHandled(size),
      faults: size.faults,
      duplicates: 0,
      redeliveredOtherwise: 0,
    });
  });

  it('delivers every event once and in order while all members that keep order are restarted', async () => {
    const { result, size } = await run(orderedRollingRestart);
    expect(result).toMatchObject({
      ...allHandled(size),
      faults: size.faults,
      duplicates: 0,
      orderViolations: 0,
    });
  });
});

const postgres = await postgresOrReason({ own: true });

describe.skipIf(redis.reason !== undefined)(
  redis.titled('the Redis bus and its receivers'),
  { timeout: 240_000 },
  () => {
    it('puts each event that always fails among the dead letters once, and handles the others', async () => {
      const { result, size } = await run(poison);
      expect(result).toMatchObject({ ...allHandled(size), handled: size.events - size.faults });
      expect(result.deadLetters).toStrictEqual({ events: size.faults, twice: 0, wrong: 0, missing: 0 });
    });

    it('handles and dead-letters each event once while members join, leave and are replaced', async () => {
      const { result, size } = await run(poisonRestarts);
      const failing = size.events / 100;
      expect(result).toMatchObject({ ...allHandled(size), handled: size.events - failing, duplicates: 0 });
      expect(result.deadLetters).toStrictEqual({ events: failing, twice: 0, wrong: 0, missing: 0 });
    });

    it('puts each event that ends its process among the dead letters once, and handles the others', async () => {
      const { result, size } = await run(crashPoison);
      expect(result).toMatchObject({ ...allHandled(size), handled: size.events - size.faults });
      expect(result.deadLetters).toStrictEqual({ events: size.faults, twice: 0, wrong: 0, missing: 0 });
    });

    it('goes on after receivers that never come to an end', async () => {
      const { result, size } = await run(hungHandler);
      expect(result).toMatchObject({ ...allHandled(size), handled: size.events - size.faults });
      expect(result.deadLetters).toStrictEqual({ events: size.faults, twice: 0, wrong: 0, missing: 0 });
    });

    it('loses nothing on connections that carry nothing and stay open', async () => {
      const { result, size } = await run(halfOpenSockets);
      expect(result).toMatchObject({ ...allHandled(size), faults: size.faults });
    });

    it('has every effect, with an inbox in Redis, and at most one twice for each kill', async () => {
      const { result, size } = await run(redisInboxKills);
      expect(result).toMatchObject({
        ...allHandled(size),
        faults: size.faults,
        effects: { events: size.events },
      });
      expect(result.effects?.twice).toBeLessThanOrEqual(size.faults);
    });

    it.skipIf(postgres.reason !== undefined)(
      postgres.titled('has every effect once, with an inbox in PostgreSQL'),
      async () => {
        const { result, size } = await run(postgresInboxKills);
        expect(result).toMatchObject({
          ...allHandled(size),
          faults: size.faults,
          effects: { events: size.events, twice: 0 },
        });
      },
    );
  },
);

describe.skipIf(redis.reason !== undefined)(redis.titled('the rig'), { timeout: 240_000 }, () => {
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
