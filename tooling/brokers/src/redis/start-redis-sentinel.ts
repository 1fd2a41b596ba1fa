import { freePort } from '../process/free-port.js';
import { announced } from '../server/announced.js';
import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { startedServer } from '../server/started-server.js';
import { callRedis } from './call-redis.js';
import { type FoundRedisProcess, findRedisProcess } from './find-redis.js';
import { redisProcess } from './redis-launch.js';
import { isInSync, startIfDown, startRedisNode } from './redis-node.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisSentinelSetUp } from './redis-sentinel-set-up.js';
import type { RedisServer } from './redis-server.js';
import { until } from './until.js';

/** How a set-up is configured. All its servers are processes of this machine, on loopback. */
export interface RedisSentinelOptions extends Omit<RedisOptions, 'own'> {
  /** Silence after which a Sentinel holds a server to be down, in milliseconds. @defaultValue 500 */
  readonly downAfterMs?: number;
}

/** Redis with Sentinels on this machine, or why there is none. */
export type RedisSentinelOrReason = ServerOrReason<RedisSentinelOptions, RedisSentinelSetUp>;

/**
 * Looks for a Redis without starting it, so that tests can be skipped with a reason.
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`
 */
export function redisSentinelOrReason(options: RedisSentinelOptions = {}): Promise<RedisSentinelOrReason> {
  return serverOrReason({ find: findRedisProcess, start: startRedisSentinel }, options);
}

/**
 * Starts a primary with two replicas and three Sentinels, and waits until they know each other and all data are replicated.
 * @throws {BrokerUnavailableError} when no server can be had on this machine
 * @throws {BrokerFailedError} when one does not come up
 */
export function startRedisSentinel(options: RedisSentinelOptions = {}): Promise<RedisSentinelSetUp> {
  return announced(
    'Redis with Sentinels',
    () => findRedisProcess(options),
    (found) => start(found, options),
  );
}

const NAME = 'mymaster';
const PAUSE_MS = 60_000;

async function start(found: FoundRedisProcess, options: RedisSentinelOptions): Promise<RedisSentinelSetUp> {
  const { downAfterMs = 500, ...ofNode } = options;
  const first = await startRedisNode(found, ofNode, async () => []);
  const follow = async () => [`replicaof ${first.host} ${first.port}`];
  const replicas = await Promise.all([0, 1].map(() => startRedisNode(found, ofNode, follow)));
  const nodes = [first, ...replicas];
  const lines = sentinelLines(first, downAfterMs, options.password);
  const sentinels = await Promise.all([0, 1, 2].map(() => startSentinel(found, lines)));
  await untilInSync(first, replicas);
  await until('the Sentinels know each other and the replicas', async () => {
    const known = await Promise.all(sentinels.map((sentinel) => callRedis(sentinel, 'INFO', 'sentinel')));
    return known.every((info) => /status=ok,.*slaves=2,sentinels=3/.test(info));
  });
  return setUp(nodes, sentinels);
}

function sentinelLines(first: RedisServer, downAfterMs: number, password: string | undefined): string[] {
  return [
    `sentinel monitor ${NAME} ${first.host} ${first.port} 2`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${NAME} 2000`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${NAME} ${JSON.stringify(password)}`]),
  ];
}

async function startSentinel(found: FoundRedisProcess, lines: readonly string[]): Promise<RedisServer> {
  const [server] = await startedServer(found.chosen, async () => {
    const port = await freePort();
    const text = (folder: string) =>
      [`bind 127.0.0.1`, `port ${port}`, 'protected-mode no', `dir "${folder}"`, ...lines, ''].join('\n');
    return redisProcess(found, port, text, ['--sentinel']);
  });
  return Object.freeze({ ...server, url: `redis://${server.host}:${server.port}` });
}

function setUp(nodes: readonly RedisServer[], sentinels: readonly RedisServer[]): RedisSentinelSetUp {
  const named = async (): Promise<RedisServer | undefined> => {
    const ask = (sentinel: RedisServer) =>
      callRedis(sentinel, 'SENTINEL', 'get-master-addr-by-name', NAME).catch(() => '');
    const ports = (await Promise.all(sentinels.map(ask))).map((reply) => Number(reply.split('\n')[1]));
    return nodes.find(({ port }) => ports.filter((other) => other === port).length >= 2);
  };
  const promoted = (before: RedisServer): Promise<RedisServer> =>
    until('the Sentinels name another primary', async () => {
      const now = await named();
      if (now === undefined || now === before) return undefined;
      const isPrimary = /^role:master/m.test(await callRedis(now, 'INFO', 'replication').catch(() => ''));
      return isPrimary ? now : undefined;
    });
  const primary = (): Promise<RedisServer> => until('the Sentinels name a primary', named);
  return Object.freeze({
    name: NAME,
    sentinels,
    nodes,
    primary,
    promoted,
    async failOver() {
      const before = await primary();
      // Until it is demoted, which a Sentinel does seconds later, it would accept what the promoted replica never gets.
      await callRedis(before, 'CLIENT', 'PAUSE', PAUSE_MS, 'WRITE');
      // Refused while an earlier failover is not over.
      await until('a Sentinel starts a failover', async () => {
        const [sentinel] = sentinels as [RedisServer];
        return (await callRedis(sentinel, 'SENTINEL', 'FAILOVER', NAME).catch(() => '')) === 'OK';
      });
      const now = await promoted(before);
      await callRedis(before, 'REPLICAOF', now.host, now.port);
      await callRedis(before, 'CLIENT', 'UNPAUSE');
      return now;
    },
    async heal() {
      await until('all replicas have the data of the primary that the Sentinels name', async () => {
        // Looked up each time: the Sentinels may promote another one meanwhile.
        const now = await primary();
        const others = nodes.filter((node) => node !== now);
        await Promise.all(others.map((node) => follow(node, now)));
        return (await areInSync(now, others)) && (await named()) === now;
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...sentinels, ...nodes].map((server) => server[Symbol.asyncDispose]()));
    },
  });
}

/** A Sentinel would make it a replica too, after more than eight seconds. */
async function follow(node: RedisServer, primary: RedisServer): Promise<void> {
  await startIfDown(node);
  const info = await callRedis(node, 'INFO', 'replication').catch(() => undefined);
  if (info !== undefined && !new RegExp(`^master_port:${primary.port}\\b`, 'm').test(info))
    await callRedis(node, 'REPLICAOF', primary.host, primary.port).catch(() => {}); // looked at again
}

async function untilInSync(primary: RedisServer, replicas: readonly RedisServer[]): Promise<void> {
  await until('all replicas have the data', () => areInSync(primary, replicas));
}

async function areInSync(primary: RedisServer, replicas: readonly RedisServer[]): Promise<boolean> {
  const states = await Promise.all([primary, ...replicas].map((node) => isInSync(node, replicas.length)));
  return states.every(Boolean);
}
