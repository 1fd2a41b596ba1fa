import { kafkaClusterOrReason } from '@openedx-ts/brokers';
import {
  type BusHarness,
  conformanceTests,
  describeBus,
  runConformanceTest,
} from '@openedx-ts/events-testing/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { kafkaHarness } from './kafka-harness.js';
import { severalKafkas } from './kafka-target.js';

/** Topics of dead letters are created by their first message. */
const config = ['auto.create.topics.enable=true', 'default.replication.factor=2'];
const kafka = await kafkaClusterOrReason({ config });

/** The whole suite runs on a single node: here `npm test` runs one test without kills, `npm run test:full` all. */
const describeSize = process.env.TEST_SIZE === 'short' ? describeBus : describePart;

describe.skipIf(kafka.reason !== undefined)(kafka.titled('on three nodes'), () => {
  const lacks = { refusal: { missing: 'a cluster has no proxy; the producer is that of a single node' } };
  describeSize(
    kafkaHarness(async () => severalKafkas(await kafka.start()), { on: ' on three nodes', lacks }),
  );
});

function describePart(harness: BusHarness): void {
  describe(`${harness.name} conforms, in part`, () => {
    beforeAll(() => harness.open?.(), 120_000);
    afterAll(() => harness.close?.(), 60_000);
    for (const test of conformanceTests.filter(({ needs }) => needs === 'orderWithSeveralConsumers'))
      it(`${test.suite}: ${test.name}`, { timeout: 240_000 }, () => runConformanceTest(test, harness));
  });
}
