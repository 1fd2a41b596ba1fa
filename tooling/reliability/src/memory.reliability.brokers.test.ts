import { describe, expect, it } from 'vitest';
import { memoryUnderTest } from './buses/memory-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { brokerKills } from './scenarios/broker-kills.js';
import { consumerKills } from './scenarios/consumer-kills.js';
import { hungHandler, poison } from './scenarios/failing-events.js';
import { rollingRestart } from './scenarios/rolling-restart.js';

const seed = 20_260_101;

async function runShort(scenario: Scenario) {
  const result = await runScenario(scenario, { bus: memoryUnderTest, seed, size: scenario.sizes.short });
  process.stdout.write(`${figuresOf(result)}\n`);
  return result;
}

/** What holds whatever is done to the bus. */
const allHandled = (events: number) => ({
  accepted: events,
  handled: events,
  orderViolations: 0,
  left: { stored: events, pending: 0, unread: 0 },
  broken: [],
});

describe('the memory bus', { timeout: 60_000 }, () => {
  it('loses nothing of 50,000 events when a consumer is cut off 20 times, and brings at most a batch again', async () => {
    const result = await runShort(consumerKills);
    expect(result).toMatchObject({ ...allHandled(50_000), faults: 20 });
    expect(result.redelivered).toBeGreaterThan(0);
  });

  it('delivers all of 50,000 events while its broker is unreachable 10 times, and rejects none', async () => {
    expect(await runShort(brokerKills)).toMatchObject({ ...allHandled(50_000), faults: 10 });
  });

  it('delivers every event once while all members are restarted under load', async () => {
    expect(await runShort(rollingRestart)).toMatchObject({ ...allHandled(30_000), faults: 4, duplicates: 0 });
  });

  it.each([
    ['that always fails', poison, 10_000, 100],
    ['whose receiver never comes to an end', hungHandler, 4_000, 2],
  ])(
    'puts each event %s among the dead letters once, and handles the others',
    async (_, scenario, all, hard) => {
      const result = await runShort(scenario);
      expect(result).toMatchObject({ ...allHandled(all), handled: all - hard });
      expect(result.deadLetters).toStrictEqual({ events: hard, twice: 0, wrong: 0, missing: 0 });
    },
  );
});
