import type { RedisConnection } from '../driver/redis-connection.js';

/**
 * The key of the lease of a stream, for one group. Commands use it together with the stream, so in a Redis Cluster it has
 * the name of the stream as its hash tag, by which both are in one slot; unless the stream has a hash tag itself.
 */
export function leaseKey(
  { isCluster }: Pick<RedisConnection, 'isCluster'>,
  stream: string,
  groupId: string,
): string {
  const tagged = isCluster && !HASH_TAG.test(stream) ? `{${stream}}` : stream;
  return `${tagged}.${groupId}.lease`;
}

const HASH_TAG = /^[^{]*\{[^}]+\}/;
