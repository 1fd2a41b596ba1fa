import { startRedisCluster, startRedisSentinel } from '@openedx-ts/brokers';
import { eventBus } from '@openedx-ts/event-bus-redis';
import type { Environment } from '@openedx-ts/events-core';
import type { BrokerUnderTest, BusUnderTest, TakeOver } from './bus-under-test.js';
import { askRedisUnderTest, consumerOptionsOf, stockOf } from './redis-under-test.js';

/** A primary with two replicas and three Sentinels; an event is accepted when a replica has it. */
export const redisSentinelUnderTest: BusUnderTest = sentinel('redis-sentinel', true);

/** The same, where an event is accepted when the primary has it. */
export const redisSentinelPrimaryUnderTest: BusUnderTest = sentinel('redis-sentinel-primary', false);

/** Three primaries with a replica each; an event is accepted when the replica has it. */
export const redisClusterUnderTest: BusUnderTest = cluster('redis-cluster', true);

/** The same, where an event is accepted when the primary has it. */
export const redisClusterPrimaryUnderTest: BusUnderTest = cluster('redis-cluster-primary', false);

/** A server of several that hold data. */
interface Node {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  unfreeze(): Promise<void>;
}

/** What Sentinel and Cluster have in common. */
interface Several<Server extends Node> extends AsyncDisposable {
  primaryOf(stream: string): Promise<Server>;
  failOver(primary: Server): Promise<unknown>;
  promoted(before: Server): Promise<unknown>;
  heal(): Promise<void>;
}

function sentinel(name: string, isReplicated: boolean): BusUnderTest {
  return {
    ...{ name, isAlwaysInOrder: false, mayLoseUnreplicated: !isReplicated, mayBeUnknown: isReplicated },
    async start() {
      const setUp = await startRedisSentinel({ appendonly: 'everysec', downAfterMs: SILENCE_MS });
      const env = {
        EVENT_BUS_REDIS_CONNECTION_URL: 'redis://named-by-the-sentinels',
        EVENT_BUS_REDIS_SENTINELS: setUp.sentinels.map(({ host, port }) => `${host}:${port}`).join(','),
        EVENT_BUS_REDIS_SENTINEL_PRIMARY: setUp.name,
      };
      return brokerOf({ ...setUp, primaryOf: () => setUp.primary() }, env, isReplicated);
    },
  };
}

function cluster(name: string, isReplicated: boolean): BusUnderTest {
  return {
    ...{ name, isAlwaysInOrder: false, mayLoseUnreplicated: !isReplicated, mayBeUnknown: isReplicated },
    async start() {
      const nodes = await startRedisCluster({ appendonly: 'everysec', nodeTimeoutMs: SILENCE_MS });
      const env = {
        EVENT_BUS_REDIS_CONNECTION_URL: nodes.url,
        EVENT_BUS_REDIS_CLUSTER: nodes.nodes.map(({ host, port }) => `${host}:${port}`).join(','),
      };
      return brokerOf(nodes, env, isReplicated);
    },
  };
}

function brokerOf<Server extends Node>(
  servers: Several<Server>,
  env: Environment,
  isReplicated: boolean,
): BrokerUnderTest {
  const primary = () => servers.primaryOf(STREAM);
  let down: Server | undefined;
  return {
    plugin: eventBus,
    env: {
      ...env,
      EVENT_BUS: 'redis',
      EVENT_BUS_REDIS_STREAM_MAX_LEN: '0',
      EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS: isReplicated ? '1' : '0',
    },
    clientsWaitMs: 4_000,
    consumerOptions: (options: TakeOver) => consumerOptionsOf(options),
    failover: {
      async unplanned() {
        const before = await primary();
        await before.kill();
        await servers.promoted(before);
      },
      async planned() {
        await servers.failOver(await primary());
      },
      heal: () => servers.heal(),
    },
    async kill() {
      down = await primary();
      await down.kill();
    },
    async start() {
      if (down !== undefined) await servers.promoted(down);
      await servers.heal();
    },
    freeze: async () => (await primary()).freeze(),
    unfreeze: async () => (await primary()).unfreeze(),
    flush: async () => void (await askRedisUnderTest((await primary()).url, (client) => client.flushall())),
    stock: async (stream, groupId) =>
      askRedisUnderTest((await servers.primaryOf(stream)).url, (client) => stockOf(client, stream, groupId)),
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}

/** A busy machine may stop a server that runs for a second: it must not be held to be down. */
const SILENCE_MS = 3_000;

/** The topic of the rig. */
const STREAM = 'items';
