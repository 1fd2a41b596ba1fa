import type { EffectiveBusSettings } from '@openedx-ts/events-core/bus';
import { redisConsumerSettings } from '../redis-settings.js';

const ENABLED = 'EVENT_BUS_REDIS_CONSUMERS_ENABLED';

/** What this bus makes of its variables. Values are shown where they cannot be secret. */
export const busSettings: EffectiveBusSettings = {
  prefix: 'EVENT_BUS_REDIS_',
  required: { EVENT_BUS_REDIS_CONNECTION_URL: 'the URL of Redis, such as redis://localhost:6379/0' },
  consumersEnabled: ENABLED,
  read: redisConsumerSettings,
  effects: {
    EVENT_BUS_REDIS_CONNECTION_URL: () => 'where Redis is', // the value may hold a password
    EVENT_BUS_REDIS_STREAM_MAX_LEN: (value) =>
      Number(value) === 0 ? 'streams are not trimmed' : `streams keep about ${Number(value)} events`,
    EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: (value) => `a read waits up to ${Number(value)} s for events`,
    EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP: (value) =>
      `the first wait between tries is ${Number(value)} s, and grows`,
    EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: (value) =>
      Number(value) === 0
        ? 'consumers go on, however many events fail'
        : `consumers end after ${Number(value)} failed events in a row`,
    EVENT_BUS_REDIS_ALLOW_INSECURE: () => 'whether a password may be sent to another machine without TLS',
    EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED: () => 'whether each event is logged',
    [ENABLED]: () => 'consumers run',
  },
};
