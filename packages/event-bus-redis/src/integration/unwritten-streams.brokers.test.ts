import { redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { add, eventually, itemFields, loggedLines } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason({ own: true });

describe.skipIf(redis.reason !== undefined)(
  redis.titled('a consumer of a topic to which nothing is sent'),
  () => {
    const bench = new RedisTestServer(redis, 'unwritten');

    it('warns once that the topic may be misspelled, and names a doubled prefix', async () => {
      using logged = loggedLines();
      const warnings = () => logged.lines.filter((line) => /^warn no event was ever sent/.test(line));
      const topicPrefix = 'dev';
      await using _misspelled = bench.consume({ claimEveryMs: 20, topicPrefix });
      await using _doubled = bench.consume({ claimEveryMs: 20, topicPrefix, topics: [`dev-${bench.topic}`] });
      await eventually(() => warnings().length).toBe(2);
      expect(warnings().toSorted()).toEqual([
        expect.stringMatching(/check the topic and EVENT_BUS_TOPIC_PREFIX/),
        expect.stringMatching(/has the prefix twice/),
      ]);
    });

    it('does not warn of a stream to which events were sent, even when they were all trimmed', async () => {
      using logged = loggedLines();
      await add(bench.client, bench.topic, itemFields(1));
      await bench.client.xtrim(bench.topic, 'MAXLEN', 0);
      await using member = bench.consume({ claimEveryMs: 20 });
      await member.consumer.ready;
      await add(bench.client, bench.topic, itemFields(2));
      await eventually(bench.pending).toBe(0);
      expect(logged.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
    });
  },
);
