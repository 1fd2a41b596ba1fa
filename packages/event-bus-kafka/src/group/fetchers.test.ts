import { configureEvents } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import type { FetchedPartition } from '../driver/fetched-partition.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { AssignedPartitions } from './assigned-partitions.js';
import { Bell } from './bell.js';
import { fakeDriver } from './fake-driver.test-support.js';
import { Fetchers } from './fetchers.js';

const NOT_LEADER = 6;
const answer = (errorCode: number): FetchedPartition => ({
  ...{ topic: 't', partition: 0, errorCode, highWatermark: 0, firstBatchAt: null },
  ...{ records: [], nextOffset: undefined },
});

/** Fetchers of partition 0 of topic `t`, which is assigned, with the failures that they have not taken back. */
function fetchersOf(fetch: KafkaDriver['fetch'], leaderless = new Set<number>()) {
  const stopping = new AbortController();
  const bell = new Bell();
  const failures = new Map<string, Error>();
  const lanes: AssignedPartitions = new AssignedPartitions({
    ...{ bell, maxBufferedEvents: 10, maxUnacknowledgedEvents: 10, maxBufferedBytes: 1_000 },
    ...{ maxBytesPerPartition: 1_000, ackEvery: 10, maxDeliveries: 10 },
    ...{ waitingIn: () => 0, bytesIn: () => 0, drainLane: async () => {}, commitCounts: () => undefined },
  });
  lanes.assign({ fullTopic: 't', topicId: undefined, partition: 0, offset: 0, metadata: null });
  const fetchers = new Fetchers({
    driver: Object.assign(fakeDriver({ topics: { t: 1 }, leaderless }), { fetch }),
    ...{ lanes, bell, maxWaitMs: 0, maxBytes: 1_000, onUndecodableBatch: 'fail' },
    stopSignal: stopping.signal,
    onFailure: (what, error) => {
      if (error === undefined) failures.delete(what);
      else failures.set(what, error);
    },
    ...{ onFatal: () => {}, onMetadata: () => {}, onOutOfRange: async () => {} },
  });
  const stop = async () => {
    stopping.abort();
    await fetchers.ended();
  };
  return { fetchers, lanes, failures, stop };
}

describe('Fetchers', () => {
  it('fetches again from a partition that had an error, although the timer fires a little early', async () => {
    let now = 1_000_000;
    const sleep = (durationMs: number) => {
      if (durationMs > 100) return new Promise<void>(() => {}); // that of a fetch without an answer
      now += durationMs - 1;
      return Promise.resolve();
    };
    using _clock = configureEvents({ clock: { now: () => now, monotonic: () => now, sleep } });
    const again = deferred();
    const fetch = vi.fn(async () => {
      if (fetch.mock.calls.length === 1) return [answer(NOT_LEADER)];
      again.resolve();
      return new Promise<never>(() => {});
    });
    const { fetchers } = fetchersOf(fetch);
    fetchers.update();
    await again.promise;
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('reports no failure of a partition that is being released, which another member may have next', async () => {
    const answered = deferred<readonly FetchedPartition[]>();
    const { fetchers, lanes, failures, stop } = fetchersOf(() => answered.promise);
    fetchers.update();
    for (const lane of lanes.all) lane.close();
    answered.resolve([answer(NOT_LEADER)]);
    await stop();
    expect([...failures]).toStrictEqual([]);
  });

  it('reports no missing leader of a partition that is being released', async () => {
    const { fetchers, lanes, failures, stop } = fetchersOf(async () => [], new Set([0]));
    for (const lane of lanes.all) lane.close();
    fetchers.update();
    await stop();
    expect([...failures]).toStrictEqual([]);
  });
});
