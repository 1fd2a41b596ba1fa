import type { RedisCluster, RedisSentinelSetUp, RedisServer } from '@openedx-ts/brokers';
import type { RedisClientOptions } from '@openedx-ts/event-bus-redis';
import type { Environment } from '@openedx-ts/events-core';

/** A Redis of one server or of several, on which the suite runs. */
export interface RedisTarget extends AsyncDisposable {
  /** How its clients connect. */
  readonly options: Pick<RedisClientOptions, 'url' | 'cluster' | 'clientOptions'>;
  /** The same for the command line. */
  readonly env: Environment;
  /** The servers that hold data. */
  readonly servers: readonly RedisServer[];
  /** The server that holds a stream now. */
  serverOf(stream: string): Promise<RedisServer>;
  /** Kills all servers, so that none has what another has not. */
  kill(): Promise<void>;
  /** Starts all servers after they were killed, with the same roles. */
  start(): Promise<void>;
}

/** One server. */
export function singleTarget(server: RedisServer): RedisTarget {
  return {
    options: { url: server.url },
    env: { EVENT_BUS_REDIS_CONNECTION_URL: server.url },
    servers: [server],
    serverOf: async () => server,
    kill: () => server.kill(),
    start: () => server.start(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A Redis Cluster. */
export function clusterTarget(cluster: RedisCluster): RedisTarget {
  const nodes = cluster.nodes.map(({ host, port }) => `${host}:${port}`);
  return {
    options: { url: cluster.url, cluster: nodes },
    env: { EVENT_BUS_REDIS_CONNECTION_URL: cluster.url, EVENT_BUS_REDIS_CLUSTER: nodes.join(',') },
    servers: cluster.nodes,
    serverOf: (stream) => cluster.primaryOf(stream),
    ...together(
      cluster.nodes,
      () => cluster.primaries(),
      () => cluster.heal(),
    ),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

/** A primary with replicas and Sentinels. */
export function sentinelTarget(setUp: RedisSentinelSetUp): RedisTarget {
  const { name } = setUp;
  const sentinels = setUp.sentinels.map(({ host, port }) => ({ host, port }));
  const url = 'redis://named-by-the-sentinels';
  return {
    options: { url, clientOptions: { sentinels, name } },
    env: {
      EVENT_BUS_REDIS_CONNECTION_URL: url,
      EVENT_BUS_REDIS_SENTINELS: sentinels.map(({ host, port }) => `${host}:${port}`).join(','),
      EVENT_BUS_REDIS_SENTINEL_PRIMARY: name,
    },
    servers: setUp.nodes,
    serverOf: () => setUp.primary(),
    ...together(
      setUp.nodes,
      async () => [await setUp.primary()],
      () => setUp.heal(),
    ),
    [Symbol.asyncDispose]: () => setUp[Symbol.asyncDispose](),
  };
}

/** Kills replicas before their primaries, and starts primaries first: a replica has perhaps not got the last command. */
function together(
  nodes: readonly RedisServer[],
  primariesNow: () => Promise<readonly RedisServer[]>,
  heal: () => Promise<void>,
): Pick<RedisTarget, 'kill' | 'start'> {
  let primaries: readonly RedisServer[] = [];
  return {
    async kill() {
      primaries = await primariesNow();
      await Promise.all(nodes.filter((node) => !primaries.includes(node)).map((node) => node.kill()));
      await Promise.all(primaries.map((node) => node.kill()));
    },
    async start() {
      await Promise.all(primaries.map((node) => node.start()));
      await heal();
    },
  };
}
