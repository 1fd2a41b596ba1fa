import { ClusterConnection } from './cluster-connection.js';
import type { RedisConnectionOptions } from './connect-redis.js';
import { IoredisConnection } from './ioredis-connection.js';
import type { RedisConnection } from './redis-connection.js';

/** Makes a connection, to one server or to a cluster, by the options. The first command opens it. */
export function openRedis(options: RedisConnectionOptions): RedisConnection {
  const isCluster = options.cluster !== undefined && options.cluster !== false;
  return isCluster ? new ClusterConnection(options) : new IoredisConnection(options);
}
