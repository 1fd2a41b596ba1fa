import { describe, expect, it } from 'vitest';
import { SettingReader } from '../runtime/setting-reader.js';
import { readConsumerSettings } from './read-consumer-settings.js';

const read = (env: Readonly<Record<string, string>>) =>
  readConsumerSettings(new SettingReader('X', env), 'EVENT_BUS_X_');

describe('readConsumerSettings', () => {
  it('reads the variables of its bus', () => {
    const env = {
      EVENT_BUS_X_CONSUMER_POLL_FAILURE_SLEEP: '1.5',
      EVENT_BUS_X_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '7',
      EVENT_BUS_X_CONSUMERS_ENABLED: 'false',
      EVENT_BUS_X_AUDIT_LOGGING_ENABLED: 'true',
      EVENT_BUS_Y_CONSUMERS_ENABLED: 'true',
    };
    expect(read(env)).toStrictEqual({
      initialBackoffMs: 1_500,
      maxConsecutiveFailures: 7,
      enabled: false,
      auditLog: true,
    });
  });

  it('reads a limit of 0 as no limit', () => {
    const { maxConsecutiveFailures } = read({ EVENT_BUS_X_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '0' });
    expect(maxConsecutiveFailures).toBe(Number.POSITIVE_INFINITY);
  });

  it('returns no option that is not set', () => {
    expect(read({})).toStrictEqual({});
  });
});
