import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import { type KafkaProducerOptions, resolveProducerOptions } from './kafka-options.js';

const codec = vi.hoisted(() => ({ hasZstd: true }));
vi.mock('../driver/compression/has-zstd.js', () => ({ hasZstd: () => codec.hasZstd }));

const least = { bootstrapServers: 'localhost', schemaRegistry: { url: 'http://localhost:8081' } };
const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
const sasl = { mechanism: 'plain', username: 'me', password: 'hunter2' } as const;

/** What is said to be wrong, as `path: message`. */
function issuesOf(options: object): readonly string[] {
  try {
    resolveProducerOptions(options as KafkaProducerOptions);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('resolveProducerOptions', () => {
  it('fills in defaults', () => {
    expect(resolveProducerOptions(least)).toMatchObject({
      bootstrapServers: ['localhost:9092'],
      clientId: 'openedx-events',
      partitioner: 'crc32',
      compression: 'none',
      maxMessageBytes: 1_000_000,
      allowAutoTopicCreation: true,
      requestTimeoutMs: 10_000,
      schemaRegistry: { url: 'http://localhost:8081', autoRegister: true, requestTimeoutMs: 5_000 },
    });
  });

  it('accepts the compressions of Kafka, and zstd only where it can be written', () => {
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)
      expect(resolveProducerOptions({ ...least, compression }).compression).toBe(compression);
    expect(issuesOf({ ...least, compression: 'brotli' })).toStrictEqual([
      expect.stringMatching(/^compression: must be .*gzip/),
    ]);
    codec.hasZstd = false;
    expect(issuesOf({ ...least, compression: 'zstd' })).toStrictEqual([
      'compression: zstd needs Node 22.15 or newer, or npm install @bokuweb/zstd-wasm',
    ]);
    codec.hasZstd = true;
  });

  it('accepts servers as a list, or with commas and spaces between', () => {
    const servers = (bootstrapServers: string | string[]) =>
      resolveProducerOptions({ ...least, bootstrapServers }).bootstrapServers;
    expect(servers('a:1, b ,')).toStrictEqual(['a:1', 'b:9092']);
    expect(servers(['a:1', 'b'])).toStrictEqual(['a:1', 'b:9092']);
  });

  it.each(['', ' , ', 'http://a:9092', 'a:b', '[::1]:9092', 'user@host:1', 'a:0', 'a:65536'])(
    'refuses the servers %j',
    (servers) => {
      expect(issuesOf({ ...least, bootstrapServers: servers })).toStrictEqual([
        expect.stringContaining('bootstrapServers: must be host:port'),
      ]);
    },
  );

  it('reports everything that is wrong together, in the parts too, with the nearest name', () => {
    const issues = issuesOf({
      bootstrapServers: '',
      partitioner: 'crc',
      requestTimeoutMS: 1,
      schemaRegistry: { url: 'ftp://x', autoregister: true },
      sasl: { mechanism: 'plain', usrname: 'x', password: '' },
      tls: { ca: '', crt: 'x' },
    });
    expect(issues).toStrictEqual([
      'requestTimeoutMS: unknown option: did you mean requestTimeoutMs?',
      expect.stringContaining('bootstrapServers: must be host:port'),
      'partitioner: must be one of crc32, murmur2',
      'tls.crt: unknown option: did you mean cert?',
      'tls.ca: must be a text that is not empty',
      'sasl.usrname: unknown option: did you mean username?',
      'sasl.username: must be a text that is not empty',
      'sasl.password: must be a text that is not empty',
      'schemaRegistry.autoregister: unknown option: did you mean autoRegister?',
      expect.stringContaining('schemaRegistry.url: must be an http(s) URL'),
    ]);
  });

  it.each(['a b', 'ä', 'p'.repeat(248)])(
    'refuses the prefix %j, with which no topic can be made',
    (topicPrefix) => {
      expect(issuesOf({ ...least, topicPrefix })).toStrictEqual([
        expect.stringMatching(/^topicPrefix: .*Kafka allows .*\(EVENT_BUS_TOPIC_PREFIX\)$/),
      ]);
    },
  );

  it('asks for a registry', () => {
    expect(issuesOf({ bootstrapServers: 'a' })).toStrictEqual(['schemaRegistry: is required']);
    expect(issuesOf({ bootstrapServers: 'a', schemaRegistry: 'http://a' })).toStrictEqual([
      expect.stringContaining('schemaRegistry: must be { url'),
    ]);
  });

  it('accepts a registry of one’s own', () => {
    const schemaRegistry = { register: () => 1, schemaById: () => undefined };
    expect(resolveProducerOptions({ ...least, schemaRegistry }).schemaRegistry).toBe(schemaRegistry);
  });

  it.each([{ mechanism: 'gssapi' }, {}, null])('refuses the mechanism of %j', (given) => {
    expect(issuesOf({ ...least, sasl: given })).toStrictEqual([
      'sasl.mechanism: must be one of plain, scram-sha-256, scram-sha-512, oauthbearer',
    ]);
  });

  it('refuses a token that is no function', () => {
    expect(issuesOf({ ...least, sasl: { mechanism: 'oauthbearer', token: 'x' } })).toStrictEqual([
      'sasl.token: must be a function',
    ]);
  });

  it('refuses to send credentials to another machine in the clear', () => {
    const far = { ...least, bootstrapServers: ['127.0.0.1', 'kafka.example.org:9092'], sasl };
    expect(issuesOf(far)).toStrictEqual([
      'sasl: it sends credentials to kafka.example.org in the clear: set tls, or allowInsecure',
    ]);
    expect(issuesOf({ ...far, tls: true })).toStrictEqual([]);
    expect(issuesOf({ ...far, allowInsecure: true })).toStrictEqual([]);
    expect(issuesOf({ ...least, sasl })).toStrictEqual([]);
  });

  it('refuses to send credentials to another machine’s registry in the clear', () => {
    const auth = { username: 'me', password: 'hunter2' };
    const far = { ...least, schemaRegistry: { url: 'http://registry:8081', auth } };
    expect(issuesOf(far)).toStrictEqual([
      'schemaRegistry.auth: it sends credentials to registry in the clear: use https, or set allowInsecure',
    ]);
    expect(issuesOf({ ...far, allowInsecure: true })).toStrictEqual([]);
    expect(issuesOf({ ...least, schemaRegistry: { url: 'http://localhost', auth } })).toStrictEqual([]);
    expect(issuesOf({ ...least, schemaRegistry: { url: 'https://registry', auth } })).toStrictEqual([]);
  });

  it('refuses credentials in the registry’s URL, and does not show them', () => {
    const issues = issuesOf({ ...least, schemaRegistry: { url: 'https://me:hunter2@registry' } });
    expect(issues).toStrictEqual(['schemaRegistry.url: must have no user and password: use auth']);
  });

  it('accepts certificates as text and as files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pem-')), 'ca.pem');
    writeFileSync(file, pem);
    expect(issuesOf({ ...least, tls: { ca: file, cert: pem, key: pem } })).toStrictEqual([]);
    expect(issuesOf({ ...least, tls: { ca: `${file}-not`, cert: pem } })).toStrictEqual([
      'tls.ca: the file cannot be read (ENOENT)',
      'tls: cert and key belong together: give both or neither',
    ]);
  });

  it('never shows a secret', () => {
    const secret = 'hunter2';
    for (const given of [
      { sasl: { ...sasl, passwort: secret } },
      { tls: { ca: secret } },
      { schemaRegistry: { url: 'http://x', auth: { username: 'x', password: secret, more: secret } } },
    ]) {
      const issues = issuesOf({ ...least, bootstrapServers: 'far', ...given });
      expect(issues).not.toHaveLength(0);
      expect(issues.join()).not.toContain(secret);
    }
  });
});
