import { kafkaOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { kafkaUnderTest } from './buses/kafka-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario, ScenarioSize } from './scenario.js';
import { brokerFreezes } from './scenarios/broker-freezes.js';
import { brokerKills } from './scenarios/broker-kills.js';
import { consumerKills } from './scenarios/consumer-kills.js';
import { crashPoison, poison } from './scenarios/failing-events.js';
import { orderedTakeOvers } from './scenarios/ordered-take-overs.js';
import { poisonRestarts } from './scenarios/poison-restarts.js';
import { registryOutages } from './scenarios/registry-outages.js';
import { rollingRestart } from './scenarios/rolling-restart.js';
import { slowHandler } from './scenarios/slow-handler.js';
import { sizeUnderTest } from './size-under-test.js';

const kafka = await kafkaOrReason({ own: true });
const seed = 20_260_101;

/** What holds whatever is done to the bus. */
const allHandled = ({ events }: ScenarioSize) => ({
  accepted: events,
  handled: events,
  rejected: 0,
  lost: 0,
  ghosts: 0,
  orderViolations: 0,
  broken: [],
});

const nothingLeft = { pending: 0, unread: 0 };

async function run(scenario: Scenario) {
  const size = sizeUnderTest(scenario);
  const result = await runScenario(scenario, { bus: kafkaUnderTest, seed, size });
  process.stdout.write(`${figuresOf(result)}\n`);
  return { result, size };
}

describe.skipIf(kafka.reason !== undefined)(kafka.titled('the Kafka bus'), { timeout: 240_000 }, () => {
  it('loses nothing when a consumer is killed again and again, and brings at most a batch again', async () => {
    const { result, size } = await run(consumerKills);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults });
    expect(result.left).toStrictEqual({ ...nothingLeft, stored: size.events });
    expect(result.worstRedelivered).toBeLessThanOrEqual(100);
  });

  it('delivers every event while Kafka is killed again and again, and rejects none', async () => {
    const { result, size } = await run(brokerKills);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults, left: nothingLeft, copies: 0 });
    expect(result.slowestSendMs).toBeLessThanOrEqual(result.worstOutageMs + 20_000);
  });

  it('loses nothing while Kafka does not answer for longer than its clients wait', async () => {
    const { result, size } = await run(brokerFreezes);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults, left: nothingLeft });
  });

  it('keeps the order of every key while members die, freeze and stop', async () => {
    const { result, size } = await run(orderedTakeOvers);
    expect(result).toMatchObject({ ...allHandled(size), faults: size.faults, left: nothingLeft });
  });

  it('delivers every event once while all members are restarted under load', async () => {
    const { result, size } = await run(rollingRestart);
    expect(result).toMatchObject({
      ...allHandled(size),
      left: { ...nothingLeft, stored: size.events },
      faults: size.faults,
      duplicates: 0,
      redeliveredOtherwise: 0,
    });
  });

  it('puts each event that always fails among the dead letters once, and handles the others', async () => {
    const { result, size } = await run(poison);
    expect(result).toMatchObject({
      ...allHandled(size),
      handled: size.events - size.faults,
      left: nothingLeft,
    });
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
    expect(result).toMatchObject({
      ...allHandled(size),
      handled: size.events - size.faults,
      left: nothingLeft,
    });
    expect(result.deadLetters).toStrictEqual({ events: size.faults, twice: 0, wrong: 0, missing: 0 });
  });

  it('stays in the group while a receiver takes ten times the session timeout', async () => {
    const { result, size } = await run(slowHandler);
    expect(result).toMatchObject({
      ...allHandled(size),
      left: nothingLeft,
      duplicates: 0,
      redeliveredOtherwise: 0,
    });
  });

  it('waits for a registry that is unreachable, and dead-letters nothing', async () => {
    const { result, size } = await run(registryOutages);
    expect(result).toMatchObject({ ...allHandled(size), left: nothingLeft, faults: size.faults });
    expect(result.deadLetters).toStrictEqual({ events: 0, twice: 0, wrong: 0, missing: 0 });
  });
});
