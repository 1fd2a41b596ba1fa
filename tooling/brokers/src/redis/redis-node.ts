import { freePort } from '../process/free-port.js';
import { startedServer } from '../server/started-server.js';
import { callRedis } from './call-redis.js';
import type { FoundRedisProcess } from './find-redis.js';
import { redisConfig } from './redis-config.js';
import { redisProcess } from './redis-launch.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisServer } from './redis-server.js';

/**
 * Starts a server that is one of several.
 * @param more further lines of redis.conf
 */
export async function startRedisNode(
  found: FoundRedisProcess,
  options: RedisOptions,
  more: () => Promise<readonly string[]>,
): Promise<RedisServer> {
  const [server] = await startedServer(found.chosen, async () => {
    const [port, lines] = await Promise.all([freePort(), more()]);
    const { password, config = [] } = options;
    const asReplica = password === undefined ? [] : [`masterauth ${JSON.stringify(password)}`];
    const all = { ...options, config: [...asReplica, ...lines, ...config] };
    return redisProcess(found, port, (folder) => redisConfig(all, { bind: '127.0.0.1', port, folder }));
  });
  const login = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
  return Object.freeze({ ...server, url: `redis://${login}${server.host}:${server.port}` });
}

/** Whether a server is a replica that has the data of its primary, or a primary with so many of them. */
export async function isInSync(server: RedisServer, replicas: number): Promise<boolean> {
  const info = await callRedis(server, 'INFO', 'replication').catch(() => '');
  if (/^role:slave/m.test(info)) return /^master_link_status:up/m.test(info);
  return (info.match(/^slave\d+:.*state=online/gm) ?? []).length >= replicas;
}

/** Starts a server that was killed or stopped; one that runs, and is only slow to answer, is left alone. */
export async function startIfDown(server: RedisServer): Promise<void> {
  const isUp = await callRedis(server, 'PING').then(
    () => true,
    () => false,
  );
  if (isUp) return;
  await server.start().catch((error: unknown) => {
    if (!/running already/.test(String(error))) throw error;
  });
}
