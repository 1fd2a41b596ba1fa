import { redisClusterOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import {
  redisClusterPrimaryUnderTest,
  redisClusterUnderTest,
  redisSentinelPrimaryUnderTest,
  redisSentinelUnderTest,
} from './buses/redis-cluster-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import { plannedFailovers, primaryKills } from './scenarios/failovers.js';
import { sizeUnderTest } from './size-under-test.js';

const redis = await redisClusterOrReason();
const seed = 20_260_101;
/** `npm test` does one; `cluster.brokers.test.ts` and `replication.brokers.test.ts` kill primaries, too. */
const runs =
  process.env.TEST_SIZE === 'short'
    ? ([
        [primaryKills, redisSentinelUnderTest],
        [primaryKills, redisClusterUnderTest],
        [primaryKills, redisSentinelPrimaryUnderTest],
        [primaryKills, redisClusterPrimaryUnderTest],
        [plannedFailovers, redisSentinelPrimaryUnderTest],
        [plannedFailovers, redisClusterPrimaryUnderTest],
      ] as const)
    : ([[plannedFailovers, redisClusterPrimaryUnderTest]] as const);

describe.skipIf(redis.reason !== undefined)(
  redis.titled('the Redis bus on several servers'),
  { timeout: 300_000 },
  () => {
    it.each(runs.map(([scenario, bus]) => ({ scenario, bus })))(
      'delivers what was accepted: $scenario.name on $bus.name',
      async ({ scenario, bus }) => {
        const size = sizeUnderTest(scenario);
        const result = await runScenario(scenario, { bus, seed, size });
        process.stdout.write(`${figuresOf(result)}\n`);
        expect(result).toMatchObject({ faults: size.faults, ghosts: 0, broken: [] });
        expect(result.accepted + result.rejected).toBe(size.events);
      },
    );
  },
);
