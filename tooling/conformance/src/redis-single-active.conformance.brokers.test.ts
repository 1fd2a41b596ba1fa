import { redisOrReason } from '@openedx-ts/brokers';
import { describeBus } from '@openedx-ts/events-testing/conformance';
import * as vitest from 'vitest';
import { redisHarness } from './redis-harness.js';
import { singleTarget } from './redis-target.js';

const redis = await redisOrReason({ appendonly: 'always' });

vitest.describe.skipIf(redis.reason !== undefined)(redis.titled('on a real Redis'), () => {
  describeBus(
    redisHarness(async () => singleTarget(await redis.start()), { singleActive: true }),
    vitest,
  );
});
