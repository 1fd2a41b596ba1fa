import { kafkaOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { kafkaUnderTest } from './buses/kafka-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { brokerFreezes } from './scenarios/broker-freezes.js';
import { brokerKills } from './scenarios/broker-kills.js';
import { consumerKills } from './scenarios/consumer-kills.js';
import { crashPoison, poison } from './scenarios/failing-events.js';
import { orderedTakeOvers } from './scenarios/ordered-take-overs.js';
import { registryOutages } from './scenarios/registry-outages.js';
import { rollingRestart } from './scenarios/rolling-restart.js';
import { slowHandler } from './scenarios/slow-handler.js';

const kafka = await kafkaOrReason({ own: true });
const seed = 20_260_101;

/** What holds whatever is done to the bus. */
const allHandled = (events: number) => ({
  accepted: events,
  handled: events,
  rejected: 0,
  lost: 0,
  ghosts: 0,
  orderViolations: 0,
  broken: [],
});

const nothingLeft = { pending: 0, unread: 0 };

async function runShort(scenario: Scenario) {
  const result = await runScenario(scenario, { bus: kafkaUnderTest, seed, size: scenario.sizes.short });
  process.stdout.write(`${figuresOf(result)}\n`);
  return result;
}

describe.skipIf(kafka.reason !== undefined)(kafka.titled('the Kafka bus'), { timeout: 180_000 }, () => {
  it('loses nothing of 50,000 events when a consumer is killed 20 times, and brings at most a batch again', async () => {
    const result = await runShort(consumerKills);
    expect(result).toMatchObject({ ...allHandled(50_000), faults: 20 });
    expect(result.left).toStrictEqual({ ...nothingLeft, stored: 50_000 });
    expect(result.worstRedelivered).toBeLessThanOrEqual(100);
  });

  it('delivers all of 50,000 events while Kafka is killed 10 times, and rejects none', async () => {
    const result = await runShort(brokerKills);
    expect(result).toMatchObject({ ...allHandled(50_000), faults: 10, left: nothingLeft });
    expect(result.slowestSendMs).toBeLessThanOrEqual(result.worstOutageMs + 2_000);
  });

  it('loses nothing while Kafka does not answer for longer than its clients wait', async () => {
    const result = await runShort(brokerFreezes);
    expect(result).toMatchObject({ ...allHandled(10_000), faults: 1, left: nothingLeft });
  });

  it('keeps the order of every key while members die, freeze and stop', async () => {
    const result = await runShort(orderedTakeOvers);
    expect(result).toMatchObject({ ...allHandled(20_000), faults: 6, left: nothingLeft });
  });

  it('delivers every event once while all members are restarted under load', async () => {
    const result = await runShort(rollingRestart);
    expect(result).toMatchObject({
      ...allHandled(30_000),
      left: { ...nothingLeft, stored: 30_000 },
      faults: 4,
      duplicates: 0,
      redeliveredOtherwise: 0,
    });
  });

  it('puts each event that always fails among the dead letters once, and handles the others', async () => {
    const result = await runShort(poison);
    expect(result).toMatchObject({ ...allHandled(10_000), handled: 9_900, left: nothingLeft });
    expect(result.deadLetters).toStrictEqual({ events: 100, twice: 0, wrong: 0, missing: 0 });
  });

  it('puts each event that ends its process among the dead letters once, and handles the others', async () => {
    const result = await runShort(crashPoison);
    expect(result).toMatchObject({ ...allHandled(4_000), handled: 3_996, left: nothingLeft });
    expect(result.deadLetters).toStrictEqual({ events: 4, twice: 0, wrong: 0, missing: 0 });
  });

  it('stays in the group while a receiver takes ten times the session timeout', async () => {
    expect(await runShort(slowHandler)).toMatchObject({
      ...allHandled(2_000),
      left: nothingLeft,
      duplicates: 0,
      redeliveredOtherwise: 0,
    });
  });

  it('waits for a registry that is unreachable, and dead-letters nothing', async () => {
    const result = await runShort(registryOutages);
    expect(result).toMatchObject({ ...allHandled(6_000), left: nothingLeft, faults: 1 });
    expect(result.deadLetters).toStrictEqual({ events: 0, twice: 0, wrong: 0, missing: 0 });
  });
});
