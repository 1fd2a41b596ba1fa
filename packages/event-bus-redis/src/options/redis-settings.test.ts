import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { resolveConsumerOptions } from './redis-options.js';
import { redisConsumerSettings, redisProducerSettings } from './redis-settings.js';

const url = 'redis://localhost:6379/0';
const base = { EVENT_BUS_REDIS_CONNECTION_URL: url, EVENT_BUS_TOPIC_PREFIX: 'dev' };

describe('redisProducerSettings', () => {
  it('reads address and prefix, and leaves out what is not set', () => {
    expect(redisProducerSettings(base)).toEqual({ url, topicPrefix: 'dev' });
    expect(redisProducerSettings({})).toEqual({ url: '', topicPrefix: undefined });
    expect(redisProducerSettings({ ...base, EVENT_BUS_REDIS_STREAM_MAX_LEN: '' })).toEqual({
      url,
      topicPrefix: 'dev',
    });
  });

  it.each([
    ['5000', 5_000],
    ['0', Number.POSITIVE_INFINITY],
  ])('takes %s as the length of streams', (text, streamMaxLength) => {
    expect(redisProducerSettings({ ...base, EVENT_BUS_REDIS_STREAM_MAX_LEN: text })).toMatchObject({
      streamMaxLength,
    });
  });

  it.each(['many', '-1', '1.5', '1e3', '10 000'])('refuses a length of %j by its name', (text) => {
    const read = () => redisProducerSettings({ ...base, EVENT_BUS_REDIS_STREAM_MAX_LEN: text });
    expect(read).toThrow(InvalidOptionsError);
    expect(read).toThrow(/EVENT_BUS_REDIS_STREAM_MAX_LEN: must be a whole number/);
  });
});

describe('EVENT_BUS_REDIS_ALLOW_INSECURE', () => {
  const remote = { EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:hunter2@redis.example.org' };

  it('allows a password to another machine without TLS, which is refused otherwise', () => {
    const target = { topics: ['t'], groupId: 'g' };
    expect(() => resolveConsumerOptions({ ...redisConsumerSettings(remote), ...target })).toThrow(
      /url: it would send a password to redis\.example\.org unencrypted.*EVENT_BUS_REDIS_ALLOW_INSECURE/,
    );
    const allowed = { ...remote, EVENT_BUS_REDIS_ALLOW_INSECURE: 'true' };
    expect(resolveConsumerOptions({ ...redisConsumerSettings(allowed), ...target }).allowInsecure).toBe(true);
    expect(redisProducerSettings(allowed).allowInsecure).toBe(true);
  });

  it('is refused by its name when it is malformed', () => {
    const read = () => redisProducerSettings({ ...remote, EVENT_BUS_REDIS_ALLOW_INSECURE: 'maybe' });
    expect(read).toThrow(/EVENT_BUS_REDIS_ALLOW_INSECURE: must be true or false/);
  });
});

describe('EVENT_BUS_REDIS_TLS_…', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';

  it('configures TLS with an authority and a server name, as text or from files', () => {
    const settings = redisProducerSettings({
      ...base,
      EVENT_BUS_REDIS_TLS_CA: pem,
      EVENT_BUS_REDIS_TLS_SERVER_NAME: 'redis.example.org',
    });
    expect(settings.clientOptions).toEqual({ tls: { ca: pem, servername: 'redis.example.org' } });
    expect(redisProducerSettings(base).clientOptions).toBeUndefined();
    const folder = mkdtempSync(join(tmpdir(), 'openedx-ts-settings-'));
    try {
      const file = join(folder, 'pem');
      writeFileSync(file, pem);
      const env = { ...base, EVENT_BUS_REDIS_TLS_CERT: file, EVENT_BUS_REDIS_TLS_KEY: file };
      expect(redisConsumerSettings(env).clientOptions).toEqual({ tls: { cert: pem, key: pem } });
      const encrypted = { ...env, EVENT_BUS_REDIS_TLS_KEY_PASSWORD: 'hunter2' };
      expect(redisConsumerSettings(encrypted).clientOptions).toMatchObject({
        tls: { passphrase: 'hunter2' },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['CA', '/nowhere/ca.pem', /EVENT_BUS_REDIS_TLS_CA: the file cannot be read \(ENOENT\)/],
    ['CA', '/dev/null', /EVENT_BUS_REDIS_TLS_CA: must be PEM text or the path/],
    ['CERT', pem, /EVENT_BUS_REDIS_TLS_KEY: is missing beside EVENT_BUS_REDIS_TLS_CERT/],
    ['KEY', pem, /EVENT_BUS_REDIS_TLS_CERT: is missing beside EVENT_BUS_REDIS_TLS_KEY/],
  ])('refuses a wrong %s by its name: %s', (name, value, problem) => {
    expect(() => redisProducerSettings({ ...base, [`EVENT_BUS_REDIS_TLS_${name}`]: value })).toThrow(problem);
  });
});

describe('redisConsumerSettings', () => {
  it('reads every setting of the Python consumer', () => {
    const settings = redisConsumerSettings({
      ...base,
      EVENT_BUS_REDIS_STREAM_MAX_LEN: '500',
      EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: '1.5',
      EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP: '0.25',
      EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '7',
      EVENT_BUS_REDIS_CONSUMERS_ENABLED: 'False',
      EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED: 'true',
    });
    expect(settings).toEqual({
      url,
      topicPrefix: 'dev',
      streamMaxLength: 500,
      blockMs: 1_500,
      initialBackoffMs: 250,
      maxConsecutiveFailures: 7,
      enabled: false,
      auditLog: true,
    });
    expect(resolveConsumerOptions({ ...settings, topics: ['a'], groupId: 'g' })).toMatchObject(settings);
  });

  it.each([
    ['true', true],
    ['1', true],
    ['FALSE', false],
    ['0', false],
    ['yes', true],
    ['off', false],
  ])('takes the toggle text %s', (text, enabled) => {
    expect(redisConsumerSettings({ ...base, EVENT_BUS_REDIS_CONSUMERS_ENABLED: text })).toMatchObject({
      enabled,
    });
  });

  it('treats an error limit of 0 as no limit', () => {
    const env = { ...base, EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '0' };
    expect(redisConsumerSettings(env)).toMatchObject({ maxConsecutiveFailures: Number.POSITIVE_INFINITY });
  });

  it('refuses all that is malformed at once, by name and without the values', () => {
    const env = {
      ...base,
      EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: '0',
      EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP: 'soon',
      EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '1.5',
      EVENT_BUS_REDIS_CONSUMERS_ENABLED: 'yess',
      EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED: 'often',
    };
    let error: unknown;
    try {
      redisConsumerSettings(env);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidOptionsError);
    const { issues, message } = error as InvalidOptionsError;
    expect(issues.map(({ path }) => path)).toEqual([
      'EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT',
      'EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP',
      'EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT',
      'EVENT_BUS_REDIS_CONSUMERS_ENABLED',
      'EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED',
    ]);
    expect(message).not.toMatch(/soon|yess|often/);
  });
});

describe('EVENT_BUS_REDIS_CLUSTER', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['node-2:7001, node-3:7002', ['node-2:7001', 'node-3:7002']],
  ])('of %j is %j', (text, cluster) => {
    expect(redisProducerSettings({ ...base, EVENT_BUS_REDIS_CLUSTER: text })).toMatchObject({ cluster });
  });

  it('is refused by its name when it is malformed, and its nodes by the option', () => {
    expect(() => redisProducerSettings({ ...base, EVENT_BUS_REDIS_CLUSTER: 'yes please' })).toThrow(
      /EVENT_BUS_REDIS_CLUSTER: must be true or false/,
    );
    const given = { ...redisConsumerSettings({ ...base, EVENT_BUS_REDIS_CLUSTER: 'redis://node:1' }) };
    expect(() => resolveConsumerOptions({ ...given, topics: ['t'], groupId: 'g' })).toThrow(
      /cluster: must be true, false or a list of host:port/,
    );
  });

  it('is not used beside Sentinels', () => {
    const both = { EVENT_BUS_REDIS_SENTINELS: 's:26379', EVENT_BUS_REDIS_SENTINEL_PRIMARY: 'm' };
    const given = redisConsumerSettings({ ...base, ...both, EVENT_BUS_REDIS_CLUSTER: 'true' });
    expect(() => resolveConsumerOptions({ ...given, topics: ['t'], groupId: 'g' })).toThrow(
      /cluster: is given beside Sentinels or a socket: use one of them/,
    );
  });
});

describe('EVENT_BUS_REDIS_SENTINEL…', () => {
  it('names the Sentinels, their primary and our login there', () => {
    const env = {
      ...base,
      EVENT_BUS_REDIS_SENTINELS: 'one:26379,two:26380',
      EVENT_BUS_REDIS_SENTINEL_PRIMARY: 'mymaster',
      EVENT_BUS_REDIS_SENTINEL_USERNAME: 'me',
      EVENT_BUS_REDIS_SENTINEL_PASSWORD: 'secret',
    };
    expect(redisProducerSettings(env).clientOptions).toEqual({
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 26_380 },
      ],
      name: 'mymaster',
      sentinelUsername: 'me',
      sentinelPassword: 'secret',
    });
  });

  it.each([
    [{ EVENT_BUS_REDIS_SENTINELS: 'one:26379' }, /SENTINEL_PRIMARY: is missing beside/],
    [{ EVENT_BUS_REDIS_SENTINEL_PASSWORD: 'x' }, /SENTINELS: is missing beside/],
    [
      { EVENT_BUS_REDIS_SENTINELS: 'one', EVENT_BUS_REDIS_SENTINEL_PRIMARY: 'm' },
      /SENTINELS: must be host:port/,
    ],
  ])('of %j is refused by name', (env, message) => {
    expect(() => redisProducerSettings({ ...base, ...env })).toThrow(message);
  });
});

describe('EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS', () => {
  it.each([
    ['0', undefined],
    ['2', { replicas: 2 }],
  ])('of %s is %j', (text, acceptedBy) => {
    const env = { ...base, EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS: text };
    expect(redisProducerSettings(env).acceptedBy).toEqual(acceptedBy);
  });
});
