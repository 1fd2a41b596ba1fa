import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LagReport } from './lag-report.js';
import { Lane } from './lane.js';

describe('LagReport', () => {
  let now = 0;
  let facts: TelemetryFact[] = [];
  let restore: Disposable;

  beforeEach(() => {
    [now, facts] = [0, []];
    restore = configureEvents({
      clock: { now: () => now, monotonic: () => now, sleep: async () => {} },
      telemetry: { ...noTelemetry, record: (fact) => void facts.push(fact) },
    });
  });
  afterEach(() => restore[Symbol.dispose]());

  /** Two partitions that hold 100 events each by now; only the first was fetched. */
  function start(listOffsets = async () => ({ offsets: new Map([[1, 100]]), failures: new Map() })) {
    const lanes = [0, 1].map(
      (partition) => new Lane({ fullTopic: 't', partition, committed: 0, handled: 0 }),
    );
    for (const lane of lanes) lane.highWatermark = 10;
    const asked: (readonly number[])[] = [];
    const driver = {
      listOffsetsByPartition: (_topic: string, partitions: readonly number[]) => {
        asked.push(partitions);
        return listOffsets();
      },
    };
    now = 10_000;
    (lanes[0] as Lane).highWatermark = 100;
    return { lanes, asked, report: new LagReport({ driver, lanes: { all: lanes }, groupId: 'g' }) };
  }

  const lags = () => facts.map((fact) => (fact.type === 'consumer.lag' ? [fact.lane, fact.lag] : fact));

  it('asks the brokers for the end of partitions that are not fetched, so that the lag grows', async () => {
    const { report, lanes, asked } = start();
    await report.whenDue();
    expect(asked).toEqual([[1]]);
    expect(lags()).toEqual(lanes.map(({ name }) => [name, 100]));
    expect(lanes.map(({ hasUnread }) => hasUnread)).toEqual([true, true]);
  });

  it('reports the last known end when the brokers do not answer', async () => {
    const { report, lanes } = start(async () => {
      throw new Error('unreachable');
    });
    await report.whenDue();
    expect(lags()).toEqual([
      [lanes[0]?.name, 100],
      [lanes[1]?.name, 10],
    ]);
  });

  it('reports every ten seconds', async () => {
    const { report } = start();
    await report.whenDue();
    now += 9_999;
    await report.whenDue();
    expect(facts).toHaveLength(2);
    now += 1;
    await report.whenDue();
    expect(facts).toHaveLength(4);
  });
});
