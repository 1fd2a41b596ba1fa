import { freePort } from '../process/free-port.js';
import { announced } from '../server/announced.js';
import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { callRedis } from './call-redis.js';
import { ClusterControl } from './cluster-control.js';
import { type FoundRedisProcess, findRedisProcess } from './find-redis.js';
import type { RedisCluster } from './redis-cluster.js';
import { startRedisNode } from './redis-node.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisServer } from './redis-server.js';
import { until } from './until.js';

/** How a cluster is configured. All its nodes are processes of this machine, on loopback, of Redis 7 or newer. */
export interface RedisClusterOptions extends Omit<RedisOptions, 'own'> {
  /** Silence after which the nodes hold one of them to be down, in milliseconds. @defaultValue 1000 */
  readonly nodeTimeoutMs?: number;
}

/** Redis Cluster on this machine, or why there is none. */
export type RedisClusterOrReason = ServerOrReason<RedisClusterOptions, RedisCluster>;

/**
 * Looks for a Redis without starting it, so that tests can be skipped with a reason.
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`
 */
export function redisClusterOrReason(options: RedisClusterOptions = {}): Promise<RedisClusterOrReason> {
  return serverOrReason({ find: findRedisProcess, start: startRedisCluster }, options);
}

/**
 * Starts a cluster of three primaries with a replica each, and waits until it serves every slot.
 * @throws {BrokerUnavailableError} when no server can be had on this machine
 * @throws {BrokerFailedError} when one does not come up
 */
export function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  return announced(
    'Redis Cluster',
    () => findRedisProcess(options),
    (found) => start(found, options),
  );
}

async function start(found: FoundRedisProcess, options: RedisClusterOptions): Promise<RedisCluster> {
  const { nodeTimeoutMs = 1000, ...ofNode } = options;
  const nodes = await Promise.all(
    Array.from({ length: 6 }, () => startRedisNode(found, ofNode, () => clusterLines(nodeTimeoutMs))),
  );
  const control = new ClusterControl(nodes);
  await join(nodes, control);
  await control.heal();
  return control;
}

async function clusterLines(nodeTimeoutMs: number): Promise<readonly string[]> {
  return [
    'cluster-enabled yes',
    `cluster-port ${await freePort()}`,
    `cluster-node-timeout ${nodeTimeoutMs}`,
    'cluster-allow-replica-migration no',
    // A replica whose primary was killed a moment ago always qualifies.
    'cluster-replica-validity-factor 0',
  ];
}

async function join(nodes: readonly RedisServer[], control: ClusterControl): Promise<void> {
  const [first, ...others] = nodes as [RedisServer, ...RedisServer[]];
  const primaries = nodes.slice(0, 3);
  for (const [index, node] of primaries.entries()) {
    const from = Math.ceil((SLOTS * index) / 3);
    const to = Math.ceil((SLOTS * (index + 1)) / 3) - 1;
    await callRedis(node, 'CLUSTER', 'ADDSLOTSRANGE', from, to);
  }
  // Epochs that differ: otherwise the nodes negotiate them, which takes a while.
  await Promise.all(nodes.map((node, index) => callRedis(node, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1)));
  for (const node of others) {
    const bus = (await callRedis(node, 'CONFIG', 'GET', 'cluster-port')).split('\n')[1] ?? '';
    await callRedis(first, 'CLUSTER', 'MEET', node.host, node.port, bus);
  }
  await until('all nodes know each other', async () => {
    const known = await Promise.all(nodes.map((node) => control.rows(node)));
    return known.every(
      (rows) => rows.length === nodes.length && rows.every(({ flags }) => !/handshake/.test(flags)),
    );
  });
  const ids = await Promise.all(primaries.map((node) => callRedis(node, 'CLUSTER', 'MYID')));
  await Promise.all(
    nodes.slice(3).map((node, index) => callRedis(node, 'CLUSTER', 'REPLICATE', ids[index] as string)),
  );
}

const SLOTS = 16_384;
