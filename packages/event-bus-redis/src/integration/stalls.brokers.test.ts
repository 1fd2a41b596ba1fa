import { redisOrReason, startFaultProxy } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { deferred, noTelemetry } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { eventually, ITEM, receivedItems, sendItem } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason();
const limits = { receiverTimeoutMs: 100, stallTimeoutMs: 200, claimEveryMs: 50 };

describe.skipIf(redis.reason !== undefined)(redis.titled('progress'), () => {
  const bench = new RedisTestServer(redis, 'stalls');

  it('is not expected of a member that stands by, while events wait for the active one', async () => {
    const facts: TelemetryFact[] = [];
    using _telemetry = configureEvents({ telemetry: { ...noTelemetry, record: (fact) => facts.push(fact) } });
    const running = deferred();
    using _receiver = ITEM.connect(() => running.promise, { policy: { receiverTimeoutMs: 60_000 } });
    await using producer = bench.produce();
    const options = { ...limits, singleActive: true, maxBufferedEvents: 1, batchSize: 1 };
    await using active = bench.consume(options);
    for (let number = 1; number <= 5; number += 1) await sendItem(producer, bench.topic, number);
    await eventually(bench.pending).toBeGreaterThan(0);
    await using standby = bench.consume(options);
    await standby.consumer.ready;
    const behind = () => facts.filter((fact) => fact.type === 'consumer.lag' && (fact.lag ?? 0) > 0).length;
    const before = behind();
    await eventually(behind).toBeGreaterThan(before + 20); // of two members: 500 ms
    expect([active.consumer.health(), standby.consumer.health()]).toEqual([
      { live: true, ready: true, reasons: [] },
      { live: true, ready: true, reasons: [] },
    ]);
    running.resolve();
  });

  it('is missed when entries are added and the line of the reader stands still', async () => {
    await using line = await startFaultProxy({ target: bench.server });
    await using producer = bench.produce();
    using received = receivedItems();
    await using member = bench.consume({ ...limits, url: `redis://${line.host}:${line.port}`, blockMs: 100 });
    const { consumer } = member;
    await sendItem(producer, bench.topic, 1);
    await eventually(() => received.numbers).toEqual([1]);
    line.bandwidth(1, { sent: 'openedx-events-reader', direction: 'toServer' });
    await eventually(async () => {
      await sendItem(producer, bench.topic, 2);
      return consumer.health().reasons.join();
    }).toMatch(/no progress for .* the broker has events that reading does not return/);
    line.heal();
    await eventually(() => received.numbers).toContain(2);
    await eventually(() => consumer.health()).toEqual({ live: true, ready: true, reasons: [] });
  });
});
