import { fileURLToPath } from 'node:url';
import { redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import type { BusUnderTest } from '../buses/bus-under-test.js';
import { redisUnderTest } from '../buses/redis-under-test.js';
import { runSoak } from './run-soak.js';
import type { SoakSize } from './soak.js';
import { soakFiguresOf } from './soak-result.js';

const redis = await redisOrReason({ appendonly: 'always', own: true });

/** Slow enough for a busy machine. */
const size: SoakSize = { seconds: 15, perSecond: 300, sampleEveryMs: 400, limits: { leastSamples: 5 } };

describe.skipIf(redis.reason !== undefined)(redis.titled('runSoak'), { timeout: 240_000 }, () => {
  it('counts events, and finds that nothing grows on the Redis bus', async () => {
    const result = await runSoak({ bus: redisUnderTest, seed: 7, size });
    process.stdout.write(`${soakFiguresOf(result)}\n`);
    expect(result).toMatchObject({ accepted: 4_500, handled: 4_500, lost: 0, duplicates: 0, broken: [] });
    expect(result.processes.map(({ life }) => life)).toEqual(['consumer', 'producer']);
    for (const { heapMbPerHour, heapUsedMb, counts } of result.processes) {
      expect(heapMbPerHour).not.toBeNull();
      expect(heapUsedMb.last).toBeGreaterThan(1);
      expect(counts['handles TCPSocketWrap']?.last).toBeGreaterThan(0);
      expect(counts['listeners of sockets']?.last).toBeGreaterThan(0);
    }
  });

  it('finds a bus that leaves listeners behind', async () => {
    const plugin = fileURLToPath(new URL('../buses/keeps-listeners.test-support.ts', import.meta.url));
    const bus: BusUnderTest = {
      ...redisUnderTest,
      start: async (options) => {
        const broker = await redisUnderTest.start(options);
        return { ...broker, env: { ...broker.env, EVENT_BUS: plugin } };
      },
    };
    const { broken } = await runSoak({ bus, seed: 7, size });
    expect(broken).toContainEqual(
      expect.stringMatching(/^consumer has at least \d+ listeners of the process at/),
    );
  });
});
