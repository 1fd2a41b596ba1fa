import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import type { SchemaRegistryOptions } from '../registry/schema-registry-options.js';
import { resolveProducerOptions } from './kafka-options.js';
import { kafkaConsumerSettings, kafkaProducerSettings } from './kafka-settings.js';

const least = {
  EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'https://registry:8081',
};
const loginOf = (env: Environment) => {
  const { sasl, schemaRegistry } = kafkaProducerSettings({ ...least, ...env });
  return { sasl, auth: (schemaRegistry as SchemaRegistryOptions).auth };
};
const tokenOf = (source: unknown) => (source as { token: () => unknown }).token();

function issuesOf(env: Environment): readonly string[] {
  try {
    kafkaConsumerSettings({ ...least, ...env });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('logins in the environment', () => {
  it('reads a token for Kafka and one for the registry, and encrypts', async () => {
    const env = {
      EVENT_BUS_KAFKA_SASL_TOKEN: 'for-kafka',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN: 'for-registry',
    };
    const { sasl, auth } = loginOf(env);
    expect(sasl).toMatchObject({ mechanism: 'oauthbearer' });
    expect([await tokenOf(sasl), await tokenOf(auth)]).toEqual(['for-kafka', 'for-registry']);
    expect(resolveProducerOptions(kafkaProducerSettings({ ...least, ...env })).tls).toBe(true);
  });

  it('reads the file of a token whenever a token is needed, because another process replaces it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    const file = join(folder, 'token');
    try {
      const { sasl, auth } = loginOf({
        EVENT_BUS_KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
        EVENT_BUS_KAFKA_SASL_TOKEN_FILE: file,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN_FILE: file,
      });
      writeFileSync(file, 'first\n');
      expect([await tokenOf(sasl), await tokenOf(auth)]).toEqual(['first', 'first']);
      writeFileSync(file, 'second\n');
      expect([await tokenOf(sasl), await tokenOf(auth)]).toEqual(['second', 'second']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes key and secret for those of the client where tokens come from an endpoint', () => {
    const { sasl, auth } = loginOf({
      EVENT_BUS_KAFKA_SASL_TOKEN_URL: 'https://login.example.org/token',
      EVENT_BUS_KAFKA_SASL_TOKEN_SCOPE: 'kafka',
      EVENT_BUS_KAFKA_API_KEY: 'client',
      EVENT_BUS_KAFKA_API_SECRET: 'secret',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN_URL: 'https://login.example.org/token',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: 'client',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: 'secret',
    });
    expect({ sasl, auth }).toEqual({
      sasl: { mechanism: 'oauthbearer', token: expect.any(Function) },
      auth: { token: expect.any(Function) },
    });
  });

  it('reads the certificate of the client for the registry, and passwords of keys', () => {
    const { tls, schemaRegistry } = kafkaProducerSettings({
      ...least,
      EVENT_BUS_KAFKA_TLS_CERT: '/kafka.pem',
      EVENT_BUS_KAFKA_TLS_KEY: '/kafka.key',
      EVENT_BUS_KAFKA_TLS_KEY_PASSWORD: 'one',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CERT: '/registry.pem',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_KEY: '/registry.key',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_KEY_PASSWORD: 'two',
    });
    expect({ tls, schemaRegistry }).toEqual({
      tls: { cert: '/kafka.pem', key: '/kafka.key', passphrase: 'one' },
      schemaRegistry: {
        url: 'https://registry:8081',
        tls: { cert: '/registry.pem', key: '/registry.key', passphrase: 'two' },
      },
    });
  });

  it.each<[string, Environment, readonly string[]]>([
    [
      'no token',
      { EVENT_BUS_KAFKA_SASL_MECHANISM: 'oauthbearer' },
      [
        'EVENT_BUS_KAFKA_SASL_TOKEN: is missing beside EVENT_BUS_KAFKA_SASL_MECHANISM: set it, …_FILE or …_URL',
      ],
    ],
    [
      'a token and another mechanism',
      {
        EVENT_BUS_KAFKA_SASL_MECHANISM: 'PLAIN',
        EVENT_BUS_KAFKA_SASL_TOKEN: 'x',
        EVENT_BUS_KAFKA_API_KEY: 'key',
        EVENT_BUS_KAFKA_API_SECRET: 'secret',
      },
      ['EVENT_BUS_KAFKA_SASL_MECHANISM: must be OAUTHBEARER, or unset, beside a token'],
    ],
    [
      'two sources and a key',
      {
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN: 'x',
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN_FILE: '/x',
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: 'key',
      },
      [
        'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN: is one of three: set it, …_FILE or …_URL',
        'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: is not used with a token: unset it and the secret',
      ],
    ],
    [
      'an endpoint without its client',
      { EVENT_BUS_KAFKA_SASL_TOKEN_URL: 'https://login.example.org/token' },
      [
        'EVENT_BUS_KAFKA_API_KEY: is missing beside EVENT_BUS_KAFKA_SASL_TOKEN_URL',
        'EVENT_BUS_KAFKA_API_SECRET: is missing beside EVENT_BUS_KAFKA_SASL_TOKEN_URL',
      ],
    ],
    [
      'an endpoint in clear text',
      {
        EVENT_BUS_KAFKA_SASL_TOKEN_URL: 'http://login.example.org/token',
        EVENT_BUS_KAFKA_API_KEY: 'client',
        EVENT_BUS_KAFKA_API_SECRET: 'secret',
      },
      [
        'EVENT_BUS_KAFKA_SASL_TOKEN_URL: it sends credentials to login.example.org in the clear: use https, or set allowInsecure',
      ],
    ],
  ])('refuses %s', (_what, env, issues) => {
    expect(issuesOf(env)).toEqual(issues);
  });
});
