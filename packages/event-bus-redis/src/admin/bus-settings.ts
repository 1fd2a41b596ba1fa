import type { EffectiveBusSettings } from '@openedx-ts/events-core/bus';
import { checkRedisSettings } from '../options/redis-settings.js';

/** The environment variables of this bus, for `diagnose`. Values are shown where they cannot be secret. */
export const busSettings: EffectiveBusSettings = {
  prefix: 'EVENT_BUS_REDIS_',
  required: { EVENT_BUS_REDIS_CONNECTION_URL: 'the URL of Redis, such as redis://localhost:6379/0' },
  read: checkRedisSettings,
  effects: {
    EVENT_BUS_REDIS_CONNECTION_URL: () => 'the address of Redis', // the value may hold a password
    EVENT_BUS_REDIS_CLUSTER: () => 'whether the address is a node of a Redis Cluster, or further nodes of it',
    EVENT_BUS_REDIS_SENTINELS: () => 'the addresses of the Sentinels, which know where the primary is',
    EVENT_BUS_REDIS_SENTINEL_PRIMARY: (value) => `the Sentinels are asked for the primary ${value}`,
    EVENT_BUS_REDIS_SENTINEL_USERNAME: () => 'our user at the Sentinels',
    EVENT_BUS_REDIS_SENTINEL_PASSWORD: () => 'our password at the Sentinels',
    EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS: (value) =>
      `an event counts as accepted when ${Number(value)} replicas have it, too`,
    EVENT_BUS_REDIS_STREAM_MAX_LEN: (value) =>
      Number(value) === 0 ? 'streams are not trimmed' : `streams keep about ${Number(value)} events`,
    EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: (value) => `a read blocks up to ${Number(value)} s for events`,
    EVENT_BUS_REDIS_TLS_CA: () => 'the certificate authority that is trusted',
    EVENT_BUS_REDIS_TLS_CERT: () => 'our certificate, for servers that ask for one',
    EVENT_BUS_REDIS_TLS_KEY: () => 'the key of our certificate',
    EVENT_BUS_REDIS_TLS_KEY_PASSWORD: () => 'the password of that key',
    EVENT_BUS_REDIS_TLS_SERVER_NAME: (value) => `the certificate of the server must have the name ${value}`,
    EVENT_BUS_REDIS_ALLOW_INSECURE: () => 'whether a password may be sent to another machine without TLS',
  },
};
