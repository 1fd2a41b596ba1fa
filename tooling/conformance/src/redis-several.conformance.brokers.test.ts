import { redisClusterOrReason, redisSentinelOrReason } from '@openedx-ts/brokers';
import {
  type BusHarness,
  conformanceTests,
  describeBus,
  reasonToLeaveOff,
  runConformanceTest,
  type SuiteName,
} from '@openedx-ts/events-testing/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { redisHarness } from './redis-harness.js';
import { clusterTarget, sentinelTarget } from './redis-target.js';

const cluster = await redisClusterOrReason({ appendonly: 'always' });
const sentinel = await redisSentinelOrReason({ appendonly: 'always' });
const onCluster = async () => clusterTarget(await cluster.start());
const onSentinel = async () => sentinelTarget(await sentinel.start());

/** The whole suite runs on a single server: here `npm test` runs what several may do differently, `npm run test:full` all. */
const describeSize = process.env.TEST_SIZE === 'short' ? describeBus : describePart;

describe.skipIf(cluster.reason !== undefined)(cluster.titled('on a Redis Cluster'), () => {
  describeSize(redisHarness(onCluster, { on: ' on a Redis Cluster' }));
  describeSize(redisHarness(onCluster, { on: ' on a Redis Cluster', singleActive: true }));
});

describe.skipIf(sentinel.reason !== undefined)(sentinel.titled('under Sentinel'), () => {
  describeSize(redisHarness(onSentinel, { on: ' under Sentinel' }));
});

function describePart(harness: BusHarness): void {
  const kept = conformanceTests.filter(
    (test) => suites.has(test.suite) && reasonToLeaveOff(test, harness) === undefined,
  );
  const first = new Map(kept.toReversed().map((test) => [test.suite, test]));
  describe(`${harness.name} conforms, in part`, () => {
    beforeAll(() => harness.open?.(), 60_000);
    afterAll(() => harness.close?.(), 60_000);
    for (const test of first.values()) {
      it(`${test.suite}: ${test.name}`, { timeout: 240_000 }, () => runConformanceTest(test, harness));
    }
  });
}

const suites: ReadonlySet<SuiteName> = new Set([
  'delivery',
  'ordering',
  'dead letters',
  'topic store',
  'reconnect',
]);
