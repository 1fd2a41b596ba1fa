import { redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import { eventually } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason({ config: ['cluster-enabled yes'] });

describe.skipIf(redis.reason !== undefined)(redis.titled('a Redis in cluster mode'), () => {
  const bench = new RedisTestServer(redis, 'cluster');
  const isUnsupported =
    /CROSSSLOT .*\(Redis Cluster is not supported yet: connect to a server without cluster/;

  it('is refused as unsupported by consumers of two topics and by those with leases, and found by doctor', async () => {
    await bench.client.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
    await eventually(() => bench.client.call('CLUSTER', 'INFO')).toMatch(/cluster_state:ok/);
    await using two = bench.consume({ topics: [bench.topic, 'another'] });
    expect((await two.failed())?.message).toMatch(isUnsupported);
    await using leased = bench.consume({ singleActive: true });
    expect((await leased.failed())?.message).toMatch(isUnsupported);
    await using admin = new RedisEventBusAdmin({ EVENT_BUS_REDIS_CONNECTION_URL: bench.server.url });
    expect(await admin.diagnose()).toContainEqual({
      verdict: 'problem',
      subject: 'broker',
      message: expect.stringMatching(/cluster mode, which is not supported yet/),
      cure: 'connect to a server without cluster mode',
    });
  });
});
