import { callRedis, redisClusterOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import {
  documentedClusterRights,
  documentedLeaseRights,
  documentedRoles,
  password,
} from './access.test-support.js';
import { eventually, loggedLines, receivedItems, sendItem } from './redis-bench.test-support.js';
import { RedisTestCluster } from './redis-test-cluster.test-support.js';

const redis = await redisClusterOrReason();

describe.skipIf(redis.reason !== undefined)(redis.titled('a Redis Cluster'), () => {
  const bench = new RedisTestCluster(redis, 'cluster');
  const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

  it.each([false, true])('delivers topics of different nodes, singleActive %s', async (singleActive) => {
    using received = receivedItems();
    await using _ = bench.consume({ singleActive });
    await using producer = bench.produce();
    await Promise.all(
      numbers(300).map((number) => sendItem(producer, bench.topics[number % 3] as string, number)),
    );
    await eventually(() => [...received.numbers].sort((a, b) => a - b)).toEqual(numbers(300));
  });

  it('names the option where it is used without', async () => {
    const url = { cluster: false } as const;
    await using consumer = bench.consume(url);
    expect((await consumer.failed())?.message).toMatch(
      /(MOVED|CROSSSLOT) .*set the option cluster \(EVENT_BUS_REDIS_CLUSTER=true\)/,
    );
    await using admin = bench.admin({ EVENT_BUS_REDIS_CLUSTER: '' });
    expect(await admin.diagnose()).toContainEqual({
      verdict: 'problem',
      subject: 'broker',
      message: expect.stringMatching(/node of a Redis Cluster, and we use it alone/),
      cure: 'set EVENT_BUS_REDIS_CLUSTER=true',
    });
  });

  it('shows its nodes, groups and dead letters to operators, who send these again', async () => {
    using received = receivedItems();
    const [topic, other] = bench.topics;
    await using _ = bench.consume({ topics: [topic, other] });
    await using producer = bench.produce();
    await Promise.all([sendItem(producer, topic, 1), sendItem(producer, other, 2)]);
    await eventually(() => received.numbers).toHaveLength(2);
    await using admin = bench.admin();
    const findings = await admin.diagnose({ topics: [topic] });
    expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
    expect(findings).toContainEqual({
      verdict: 'ok',
      subject: 'cluster',
      message: 'Redis Cluster: 3 nodes serve slots',
    });
    await eventually(() => admin.lag()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ topic, groupId: 'g', lag: 0, pending: 0 }),
        expect.objectContaining({ topic: other, groupId: 'g', lag: 0, pending: 0 }),
      ]),
    );
    expect(await admin.topics.topicNames()).toEqual(expect.arrayContaining([topic, other]));
    expect(await admin.topics.groupProgress(topic, 'g')).toMatchObject({ activeMembers: 1 });
  });

  it.each([false, true])(
    'needs no more rights than the README has, singleActive %s',
    async (singleActive) => {
      using received = receivedItems();
      using log = loggedLines();
      const [forRole, forDoctor, leaseKeys] = documentedClusterRights();
      expect(forRole && forDoctor && leaseKeys).not.toBe('');
      const more = singleActive ? `${documentedLeaseRights()} ${leaseKeys}` : '';
      for (const [user, rules] of documentedRoles('with a prefix')) {
        const all = `${rules} ${forRole} ${user === 'doctor' ? forDoctor : ''} ${user === 'consumer' ? more : ''}`;
        for (const node of bench.cluster.nodes)
          await callRedis(node, 'ACL', 'SETUSER', user, 'reset', ...all.trim().split(/ +/));
      }
      const as = (user: string) => ({
        url: bench.cluster.url.replace('redis://', `redis://${user}:${password}@`),
        topicPrefix: 'dev',
      });
      await using _ = bench.consume({ ...as('consumer'), singleActive });
      await using producer = bench.produce(as('producer'));
      await Promise.all(
        numbers(30).map((number) => sendItem(producer, bench.topics[number % 3] as string, number)),
      );
      await eventually(() => received.numbers).toHaveLength(30);
      await using admin = bench.admin({
        EVENT_BUS_REDIS_CONNECTION_URL: as('doctor').url,
        EVENT_BUS_TOPIC_PREFIX: 'dev',
      });
      const findings = await admin.diagnose({ topics: [bench.topics[0]] });
      expect([...log.lines.filter((line) => !line.startsWith('info')), ...findings].join()).not.toContain(
        'NOPERM',
      );
      expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
    },
  );

  it('loses and repeats nothing while slots move to other nodes', async () => {
    using received = receivedItems();
    const [topic] = bench.topics;
    await using _ = bench.consume({ topics: [topic], singleActive: true });
    await using producer = bench.produce();
    const sends: Promise<unknown>[] = [];
    let isMoving = true;
    const sending = (async () => {
      for (let number = 0; isMoving || number < 200; number += 1) {
        sends.push(sendItem(producer, topic, number));
        await sends.at(-20);
      }
    })();
    await eventually(() => received.numbers.length).toBeGreaterThan(20);
    const home = await bench.cluster.primaryOf(topic);
    const other = (await bench.cluster.primaries()).find((node) => node !== home) as typeof home;
    const end = await bench.cluster.startMove(topic, other);
    const before = sends.length;
    await eventually(() => sends.length).toBeGreaterThan(before + 100);
    await end();
    await bench.cluster.moveSlot(topic, home);
    isMoving = false;
    await sending;
    await Promise.all(sends);
    await eventually(() => received.numbers).toEqual(numbers(sends.length));
  });

  it('loses nothing in a planned failover', async () => {
    using received = receivedItems();
    using log = loggedLines();
    const [topic] = bench.topics;
    await using _ = bench.consume({ topics: [topic], singleActive: true });
    await using producer = bench.produce();
    const sends = numbers(100).map((number) => sendItem(producer, topic, number));
    const failingOver = bench.cluster.failOver(await bench.cluster.primaryOf(topic));
    for (const number of numbers(300, 100)) {
      sends.push(sendItem(producer, topic, number));
      await sends.at(-20);
    }
    await failingOver;
    await Promise.all(sends);
    await eventually(() => [...new Set(received.numbers)]).toEqual(numbers(400));
    expect(log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    await bench.cluster.heal();
  });

  it('keeps only the topics of a killed node waiting, until its replica is promoted', async () => {
    using received = receivedItems();
    const [topic, other] = bench.topics;
    await using running = bench.consume({ topics: [topic, other] });
    await using producer = bench.produce();
    await Promise.all([sendItem(producer, topic, 1), sendItem(producer, other, 2)]);
    await eventually(() => received.numbers).toHaveLength(2);
    const killed = await bench.cluster.primaryOf(topic);
    const promoted = bench.cluster.promoted(killed);
    await killed.freeze(); // noticed by the others after their node timeout
    await sendItem(producer, other, 3);
    await eventually(() => received.numbers).toContain(3);
    await killed.kill();
    await promoted;
    await sendItem(producer, topic, 4);
    await eventually(() => received.numbers).toContain(4);
    await eventually(() => running.consumer.health().ready).toBe(true);
    await bench.cluster.heal();
  });
});
