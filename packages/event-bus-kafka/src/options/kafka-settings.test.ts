import { InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { resolveProducerOptions } from './kafka-options.js';
import { kafkaConsumerSettings, kafkaProducerSettings } from './kafka-settings.js';

const least = {
  EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'https://registry:8081',
};

function issuesOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('kafkaProducerSettings', () => {
  it('accepts SASL PLAIN over TLS from key and secret, as the Python bus does', () => {
    const env = { ...least, EVENT_BUS_KAFKA_API_KEY: 'key', EVENT_BUS_KAFKA_API_SECRET: 'secret' };
    expect(kafkaProducerSettings(env)).toStrictEqual({
      bootstrapServers: 'kafka:9092',
      topicPrefix: undefined,
      schemaRegistry: { url: 'https://registry:8081' },
      sasl: { mechanism: 'plain', username: 'key', password: 'secret' },
      tls: true,
    });
  });

  it('ignores an empty text', () => {
    const env = {
      ...least,
      EVENT_BUS_KAFKA_API_KEY: '',
      EVENT_BUS_KAFKA_API_SECRET: '',
      SERVICE_VARIANT: ' ',
    };
    expect(kafkaProducerSettings(env)).toStrictEqual(kafkaProducerSettings(least));
  });

  it('reads how events are compressed, for producers alone', () => {
    const env = { ...least, EVENT_BUS_KAFKA_COMPRESSION: 'LZ4' };
    expect(kafkaProducerSettings(env).compression).toBe('lz4');
    expect(kafkaConsumerSettings(env)).not.toHaveProperty('compression');
    expect(
      issuesOf(() => kafkaProducerSettings({ ...least, EVENT_BUS_KAFKA_COMPRESSION: 'brotli' })),
    ).toStrictEqual([expect.stringContaining('EVENT_BUS_KAFKA_COMPRESSION: ')]);
  });

  it('reads what else only producers have', () => {
    const env = {
      ...least,
      EVENT_BUS_KAFKA_IDEMPOTENT: 'off',
      EVENT_BUS_KAFKA_PARTITIONER: 'Murmur2',
      EVENT_BUS_KAFKA_MAX_MESSAGE_BYTES: '500000',
      EVENT_BUS_KAFKA_AUTO_CREATE_TOPICS: 'false',
    };
    expect(kafkaProducerSettings(env)).toStrictEqual({
      ...kafkaProducerSettings(least),
      idempotent: false,
      partitioner: 'murmur2',
      maxMessageBytes: 500_000,
      allowAutoTopicCreation: false,
    });
    expect(kafkaConsumerSettings(env)).toStrictEqual(kafkaConsumerSettings(least));
    const malformed = {
      EVENT_BUS_KAFKA_IDEMPOTENT: 'perhaps',
      EVENT_BUS_KAFKA_PARTITIONER: 'random',
      EVENT_BUS_KAFKA_MAX_MESSAGE_BYTES: '0',
      EVENT_BUS_KAFKA_AUTO_CREATE_TOPICS: 'never',
    };
    expect(issuesOf(() => kafkaProducerSettings({ ...least, ...malformed }))).toStrictEqual([
      'EVENT_BUS_KAFKA_IDEMPOTENT: must be true or false',
      'EVENT_BUS_KAFKA_PARTITIONER: must be one of crc32, murmur2',
      'EVENT_BUS_KAFKA_MAX_MESSAGE_BYTES: must be a whole number, 1 or more',
      'EVENT_BUS_KAFKA_AUTO_CREATE_TOPICS: must be true or false',
    ]);
  });

  it('names the service to the broker', () => {
    expect(
      kafkaProducerSettings({ ...least, EVENTS_SERVICE_NAME: 'lms', SERVICE_VARIANT: 'x' }).clientId,
    ).toBe('lms');
    expect(kafkaProducerSettings({ ...least, SERVICE_VARIANT: 'cms' }).clientId).toBe('cms');
  });

  it('reads all other settings', () => {
    const env = {
      ...least,
      EVENT_BUS_TOPIC_PREFIX: 'dev',
      EVENT_BUS_KAFKA_API_KEY: 'key',
      EVENT_BUS_KAFKA_API_SECRET: 'secret',
      EVENT_BUS_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      EVENT_BUS_KAFKA_TLS_CA: '/etc/ca.pem',
      EVENT_BUS_KAFKA_TLS_CERT: '/etc/cert.pem',
      EVENT_BUS_KAFKA_TLS_KEY: '/etc/key.pem',
      EVENT_BUS_KAFKA_ALLOW_INSECURE: 'false',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: 'user',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CA: '/etc/registry.pem',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_AUTO_REGISTER: 'False',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_CACHE_DIRECTORY: '/var/cache/schemas',
    };
    expect(kafkaProducerSettings(env)).toStrictEqual({
      bootstrapServers: 'kafka:9092',
      topicPrefix: 'dev',
      allowInsecure: false,
      sasl: { mechanism: 'scram-sha-512', username: 'key', password: 'secret' },
      tls: { ca: '/etc/ca.pem', cert: '/etc/cert.pem', key: '/etc/key.pem' },
      schemaRegistry: {
        url: 'https://registry:8081',
        auth: { username: 'user', password: '' },
        tls: { ca: '/etc/registry.pem' },
        autoRegister: false,
        cacheDirectory: '/var/cache/schemas',
      },
    });
  });

  it('reads the names that certificates must have', () => {
    const settings = kafkaProducerSettings({
      ...least,
      EVENT_BUS_KAFKA_TLS_SERVER_NAME: 'kafka.example.org',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_SERVER_NAME: 'registry.example.org',
    });
    expect(settings.tls).toEqual({ serverName: 'kafka.example.org' });
    expect(settings.schemaRegistry).toMatchObject({ tls: { serverName: 'registry.example.org' } });
  });

  it('turns TLS off only by name', () => {
    const env = { ...least, EVENT_BUS_KAFKA_API_KEY: 'key', EVENT_BUS_KAFKA_API_SECRET: 'secret' };
    expect(kafkaProducerSettings({ ...env, EVENT_BUS_KAFKA_TLS: 'false' }).tls).toBe(false);
    expect(kafkaProducerSettings({ ...least, EVENT_BUS_KAFKA_TLS: 'true' }).tls).toBe(true);
  });

  it('names every setting that is wrong', () => {
    const env = {
      ...least,
      EVENT_BUS_KAFKA_API_KEY: 'key',
      EVENT_BUS_KAFKA_SASL_MECHANISM: 'md5',
      EVENT_BUS_KAFKA_ALLOW_INSECURE: 'perhaps',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: 'hunter2',
    };
    expect(issuesOf(() => kafkaProducerSettings(env))).toStrictEqual([
      'EVENT_BUS_KAFKA_ALLOW_INSECURE: must be true or false',
      'EVENT_BUS_KAFKA_SASL_MECHANISM: must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER',
      'EVENT_BUS_KAFKA_API_SECRET: is missing beside the key',
      'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: is missing beside the secret',
    ]);
  });

  it('leads to an error that names the settings that are missing', () => {
    const issues = issuesOf(() => resolveProducerOptions(kafkaProducerSettings({})));
    expect(issues).toHaveLength(2);
    expect(issues.join()).toMatch(/EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS.*EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL/);
  });
});

describe('kafkaConsumerSettings', () => {
  it('accepts the settings of the Python consumer', () => {
    const env = {
      ...least,
      EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT: '1.5',
      EVENT_BUS_KAFKA_CONSUMER_POLL_FAILURE_SLEEP: '2',
      EVENT_BUS_KAFKA_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '7',
      EVENT_BUS_KAFKA_CONSUMERS_ENABLED: 'False',
      EVENT_BUS_KAFKA_AUDIT_LOGGING_ENABLED: '1',
    };
    expect(kafkaConsumerSettings(env)).toMatchObject({
      maxWaitMs: 1_500,
      initialBackoffMs: 2_000,
      maxConsecutiveFailures: 7,
      enabled: false,
      auditLog: true,
    });
  });

  it('has no limit of errors at zero', () => {
    const env = { ...least, EVENT_BUS_KAFKA_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '0' };
    expect(kafkaConsumerSettings(env).maxConsecutiveFailures).toBe(Infinity);
  });

  it('names what is malformed', () => {
    const env = {
      ...least,
      EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT: 'soon',
      EVENT_BUS_KAFKA_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: '-1',
    };
    expect(issuesOf(() => kafkaConsumerSettings(env))).toStrictEqual([
      'EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT: must be a number of seconds, 0 or more, such as 1.5',
      'EVENT_BUS_KAFKA_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: must be a whole number, 0 or more',
    ]);
  });
});
