import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import {
  documentedLeaseRights,
  documentedRoles,
  documentedTrimmingRights,
  Exchange,
  password,
} from './access.test-support.js';
import { eventually, loggedLines, RunningConsumer, sendItem } from './redis-bench.test-support.js';

const redis = await redisOrReason({ own: true });
const restore = snapshotSignals();
const withPrefix = documentedRoles('with a prefix');
const withoutPrefix = documentedRoles('without a prefix');

/** Rights whose lack stops nothing: a name in `CLIENT LIST`, a quick end of a read, looks at unread entries and at members. */
const unseen = [
  'producer client|setname',
  ...['client|setname', 'client|id', 'client|unblock'].map((command) => `consumer ${command}`),
  ...['xrange', 'xinfo|groups', 'xinfo|stream', 'xinfo|consumers'].map((command) => `consumer ${command}`),
];
const needed = ['producer', 'consumer'].flatMap((user) =>
  commandsOf(user)
    .filter((command) => !unseen.includes(`${user} ${command}`))
    .map((command) => [user, command] as const),
);

describe.skipIf(redis.reason !== undefined)(redis.titled('the users that the README describes'), () => {
  let server: RedisServer;
  let client: Redis;
  let exchanges = 0;

  beforeAll(async () => {
    server = await redis.start();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server[Symbol.asyncDispose]();
    restore();
  });

  const give = async (roles: ReadonlyMap<string, string>, without?: readonly [string, string]) => {
    for (const [user, rules] of roles) {
      const denied = without?.[0] === user ? ` +${without[1]}` : ' none';
      await client.call('ACL', 'SETUSER', user, 'reset', ...rules.replace(denied, '').split(' '));
    }
  };
  const startExchange = (topicPrefix?: string, singleActive = false) => {
    exchanges += 1;
    return new Exchange({
      server,
      client,
      topicPrefix,
      singleActive,
      topic: topicPrefix ? `orders-${exchanges}` : 'orders',
    });
  };

  it.each([
    ['with a prefix', withPrefix, 'dev'],
    ['without a prefix', withoutPrefix, undefined],
  ])('are all that an exchange needs, %s', async (_what, roles, topicPrefix) => {
    expect([...roles.keys()]).toEqual(['producer', 'consumer', 'doctor']);
    await client.flushall();
    await give(roles);
    await using exchange = startExchange(topicPrefix);
    await exchange.run();
    expect(exchange.reported).not.toMatch(/NOPERM|refuse/);
  });

  it.each(needed)('are minimal: a %s without %s reports what it lacks', async (user, command) => {
    await client.flushall();
    await give(withPrefix, [user, command]);
    await using exchange = startExchange('dev');
    const ended = exchange.run().catch(() => {});
    const name = command === 'xgroup|delconsumer' ? 'eval' : command.replace('|', ' '); // inside a script
    await eventually(() => exchange.reported).toMatch(
      new RegExp(`refuses ${name} of .*NOPERM .*README`, 'i'),
    );
    expect(exchange.reported).not.toContain(password);
    await exchange[Symbol.asyncDispose]();
    await ended;
  });

  it.each([
    ['with a prefix', withPrefix, 'dev'],
    ['without a prefix', withoutPrefix, undefined],
  ])('let a doctor see all and change nothing, %s', async (_what, roles, topicPrefix) => {
    await client.flushall();
    await give(roles);
    await using exchange = startExchange(topicPrefix);
    await exchange.run();
    const { host, port } = server;
    const url = `redis://doctor:${password}@${host}:${port}`;
    await using admin = new RedisEventBusAdmin({
      EVENT_BUS_REDIS_CONNECTION_URL: url,
      EVENT_BUS_TOPIC_PREFIX: topicPrefix,
    });
    const topics = topicPrefix === undefined ? { topics: ['orders'] } : {};
    expect(await admin.lag(topics)).toMatchObject([{ groupId: 'g', length: 6, lag: 0, pending: 0 }]);
    const findings = await admin.diagnose(topics);
    expect(findings.map(({ message }) => message).join('\n')).not.toMatch(/NOPERM|refuse|may not/);
    const doctor = new Redis(url, { enableReadyCheck: false });
    const stream = topicPrefix === undefined ? 'orders' : `dev-orders-${exchanges}`;
    await expect(doctor.xadd(stream, '*', 'a', 'b')).rejects.toThrow(/NOPERM/);
    await expect(doctor.del(stream)).rejects.toThrow(/NOPERM/);
    doctor.disconnect();
  });

  it('allow a producer to trim acknowledged entries, with the commands that the README adds', async () => {
    await client.flushall();
    await give(withPrefix);
    await client.call('ACL', 'SETUSER', 'producer', ...documentedTrimmingRights().split(' '));
    await client.xgroup('CREATE', 'dev-trimmed', 'g', '0', 'MKSTREAM');
    using logged = loggedLines();
    await using producer = new RedisEventBusProducer({
      url: `redis://producer:${password}@${server.host}:${server.port}`,
      ...{ topicPrefix: 'dev', trim: 'acknowledged', trimEveryMs: 1, streamMaxLength: 1 },
    });
    const sendMany = () =>
      Promise.all(Array.from({ length: 300 }, (_, n) => sendItem(producer, 'trimmed', n)));
    await sendMany();
    await client.xreadgroup('GROUP', 'g', 'a', 'COUNT', 1, 'STREAMS', 'dev-trimmed', '>'); // one is in flight
    await sendMany();
    expect(await client.xlen('dev-trimmed')).toBe(600);
    await client.xgroup('SETID', 'dev-trimmed', 'g', '$');
    await client.xack('dev-trimmed', 'g', ...(await pendingIds('dev-trimmed')));
    await eventually(async () => {
      await sendItem(producer, 'trimmed', 0);
      return (await client.xlen('dev-trimmed')) < 600;
    }).toBe(true);
    expect(logged.lines.join('\n')).not.toMatch(/NOPERM|refuse/);
  });

  it('allow members to hold leases, with no more than the commands that the README adds', async () => {
    await client.flushall();
    await give(withPrefix);
    const rights = documentedLeaseRights().split(' ');
    await client.call('ACL', 'SETUSER', 'consumer', ...rights);
    await client.config('RESETSTAT');
    await using exchange = startExchange('dev', true);
    await exchange.run();
    expect(exchange.reported).not.toMatch(/NOPERM|refuse/);
    const url = `redis://consumer:${password}@${server.host}:${server.port}`;
    const common = { topicPrefix: 'dev', topics: ['kept'], groupId: 'g', singleActive: true };
    await using _keepsItsLease = new RunningConsumer({ url, ...common, leaseMs: 300 });
    const unused = async () => {
      const used = await client.info('commandstats');
      return rights.filter((right) => !used.includes(`cmdstat_${right.slice(1)}:`));
    };
    await eventually(unused).toEqual([]);
  });

  const pendingIds = async (stream: string) =>
    ((await client.xpending(stream, 'g', '-', '+', 10)) as [string][]).map(([id]) => id);

  it('keep a deployment out of the streams of another', async () => {
    await give(withPrefix);
    await using exchange = startExchange('other');
    const ended = exchange.run().catch(() => {});
    await eventually(() => exchange.reported).toMatch(
      /refuses HSETNX of other-openedx-events-schemas: NOPERM/,
    );
    await exchange[Symbol.asyncDispose]();
    await ended;
  });
});

function commandsOf(user: string): readonly string[] {
  return (withPrefix.get(user) ?? '').split(' ').flatMap((rule) => (rule[0] === '+' ? [rule.slice(1)] : []));
}
