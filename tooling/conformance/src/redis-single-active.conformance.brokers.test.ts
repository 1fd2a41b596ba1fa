import { redisOrReason } from '@openedx-ts/brokers';
import { describeBus } from '@openedx-ts/events-testing/conformance';
import { describe } from 'vitest';
import { redisHarness } from './redis-harness.js';

const redis = await redisOrReason({ appendonly: 'always' });

describe.skipIf(redis.reason !== undefined)(redis.titled('on a real Redis'), () => {
  describeBus(redisHarness(() => redis.start(), { singleActive: true }));
});
