import type { ConsumerOptions } from '../consuming/types/consumer-options.js';
import type { SettingReader } from '../runtime/setting-reader.js';

/** The consumer options that every bus reads from environment variables. */
export type ConsumerSettings = Pick<
  ConsumerOptions,
  'auditLog' | 'enabled' | 'initialBackoffMs' | 'maxConsecutiveFailures'
>;

/**
 * Reads the consumer options that every bus has, without those that are not set. Three variables have another effect, or
 * default, than in Python:
 * - `…CONSUMER_POLL_FAILURE_SLEEP` is the first backoff, in seconds, which then grows;
 * - `…CONSUMER_CONSECUTIVE_ERRORS_LIMIT` counts events that failed finally, not tries during an outage; 0 is no limit;
 * - `…AUDIT_LOGGING_ENABLED` is off by default, because one log line per event is expensive.
 *
 * @param prefix of the bus's variables, e.g. `EVENT_BUS_KAFKA_`
 */
export function readConsumerSettings(read: SettingReader, prefix: string): ConsumerSettings {
  const initialBackoffMs = read.milliseconds(`${prefix}CONSUMER_POLL_FAILURE_SLEEP`);
  const limit = read.wholeNumber(`${prefix}CONSUMER_CONSECUTIVE_ERRORS_LIMIT`);
  const enabled = read.flag(`${prefix}CONSUMERS_ENABLED`);
  const auditLog = read.flag(`${prefix}AUDIT_LOGGING_ENABLED`);
  return {
    ...(initialBackoffMs === undefined ? {} : { initialBackoffMs }),
    ...(limit === undefined
      ? {}
      : { maxConsecutiveFailures: limit === 0 ? Number.POSITIVE_INFINITY : limit }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(auditLog === undefined ? {} : { auditLog }),
  };
}
