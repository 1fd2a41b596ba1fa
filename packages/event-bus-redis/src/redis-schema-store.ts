import type { SchemaStore } from '@openedx-ts/events-avro';
import type { RedisConnection } from './redis-connection.js';

/**
 * The schemas of a Redis bus: a hash in the same Redis, fingerprint to text, under `<prefix->openedx-events-schemas`.
 * A producer keeps a schema before the first event that names it, so a consumer always finds it.
 */
export function redisSchemaStore(
  connection: RedisConnection,
  topicPrefix: string | undefined,
  deadlineMs: number,
): SchemaStore {
  const hash = schemaHashName(topicPrefix);
  return {
    textOf: async (fingerprint) => {
      const text = await connection.call(['HGET', hash, fingerprint], deadlineMs);
      return text === null ? undefined : String(text);
    },
    keep: async ({ fingerprint, text }) => {
      await connection.call(['HSETNX', hash, fingerprint, text], deadlineMs);
    },
  };
}

/** The name of the hash of schemas. */
function schemaHashName(topicPrefix: string | undefined): string {
  return topicPrefix ? `${topicPrefix}-openedx-events-schemas` : 'openedx-events-schemas';
}
