import { describe, expect, it } from 'vitest';
import { memoryUnderTest } from './buses/memory-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario, ScenarioSize } from './scenario.js';
import { brokerKills } from './scenarios/broker-kills.js';
import { consumerKills } from './scenarios/consumer-kills.js';
import { hungHandler, poison } from './scenarios/failing-events.js';
import { poisonRestarts } from './scenarios/poison-restarts.js';
import { rollingRestart } from './scenarios/rolling-restart.js';
import { sizeUnderTest } from './size-under-test.js';

const seed = 20_260_101;

async function run(scenario: Scenario) {
  const size = sizeUnderTest(scenario);
  const result = await runScenario(scenario, { bus: memoryUnderTest, seed, size });
  process.stdout.write(`${figuresOf(result)}\n`);
  return { result, size };
}

/** What holds whatever is done to the bus. */
const allHandled = ({ events }: ScenarioSize) => ({
  accepted: events,
  handled: events,
  orderViolations: 0,
  left: { stored: events, pending: 0, unread: 0 },
  broken: [],
});

describe('the memory bus', { timeout: 240_000 }, () => {
  it('loses nothing when a consumer is disconnected again and again, and brings at most a batch again', async () => {
    const { result, size } = await run(consumerKills);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults });
    expect(result.redelivered).toBeGreaterThan(0);
  });

  it('delivers every event while its broker is unreachable again and again, and rejects none', async () => {
    const { result, size } = await run(brokerKills);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults });
  });

  it('delivers every event once while all members are restarted under load', async () => {
    const { result, size } = await run(rollingRestart);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults, duplicates: 0 });
  });

  it('handles and dead-letters each event once while members join, leave and are replaced', async () => {
    const { result, size } = await run(poisonRestarts);
    const failing = size.events / 100;
    expect(result).toMatchObject({ ...allHandled(size), handled: size.events - failing, duplicates: 0 });
    expect(result.deadLetters).toStrictEqual({ events: failing, twice: 0, wrong: 0, missing: 0 });
  });

  it.each([
    ['that always fails', poison],
    ['whose receiver never comes to an end', hungHandler],
  ])('puts each event %s among the dead letters once, and handles the others', async (_, scenario) => {
    const { result, size } = await run(scenario);
    expect(result).toMatchObject({ ...allHandled(size), handled: size.events - size.faults });
    expect(result.deadLetters).toStrictEqual({ events: size.faults, twice: 0, wrong: 0, missing: 0 });
  });
});
