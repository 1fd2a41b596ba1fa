import { BlockList } from 'node:net';
import {
  type KafkaServer,
  kafkaOrReason,
  makeCertificates,
  type SecureListener,
  testCertificates,
  unsecuredToken,
} from '@openedx-ts/brokers';
import { configureEvents } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KafkaDriver } from './driver/kafka-driver.js';
import { KafkaAccessError } from './driver/kafka-error.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import { type KafkaProducerOptions, resolveProducerOptions } from './options/kafka-options.js';
import type { KafkaSaslOptions } from './security/kafka-sasl-options.js';

const kafka = await kafkaOrReason({
  listeners: ['sasl-plaintext', 'tls', 'mtls', 'sasl-tls'],
  users: { alice: 'wonder-land' },
  config: ['connections.max.reauth.ms=2000'], // far less than the 10 s that kafkajs logs in ahead of the end
});
const oddProviders: Readonly<Record<string, () => unknown>> = {
  throws: () => Promise.reject(new Error('the provider is down')),
  'throws nothing': () => Promise.reject(undefined),
  'never returns': () => new Promise(() => {}),
  'returns nothing': () => undefined,
  'returns NaN': () => Number.NaN,
  'returns an object': () => ({ value: 'x' }),
  'returns what is no token': () => 'a\nb',
  'returns a token of the past': () => unsecuredToken('alice', -60_000),
  'returns a token without an end': () => `${unsecuredToken('alice').split('.')[0]}.e30.`,
};

/** Everything that is logged, as `level: message`. */
function recordedLogs() {
  const lines: string[] = [];
  const note = (level: string) => (facts: object, message: string) =>
    void lines.push(`${level}: ${message} ${reasonOf((facts as { readonly err?: unknown }).err)}`);
  const logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const settings = configureEvents({ logger });
  return { lines, [Symbol.dispose]: () => settings[Symbol.dispose]() };
}

const login = { username: 'alice', password: 'wonder-land' };

describe.skipIf(kafka.reason !== undefined)(kafka.titled('security of the Kafka bus'), () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = await kafka.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** Publishes one message; what became of it. */
  const publish = async (listener: SecureListener, options: Partial<KafkaProducerOptions>) => {
    await using producer = new KafkaEventBusProducer({
      bootstrapServers: server.address(listener).bootstrapServers,
      schemaRegistry: { register: () => 1, schemaById: () => undefined },
      deliveryTimeoutMs: 5_000,
      ...options,
    });
    const message = { topic: 'secure', key: null, value: Buffer.from('x'), headers: [] };
    const [result] = await producer.publishMessages([message]);
    return result?.status === 'fulfilled' ? 'accepted' : result?.reason;
  };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('logs in by %s', async (mechanism) => {
    expect(await publish('sasl-plaintext', { sasl: { mechanism, ...login } })).toBe('accepted');
    const error = await publish('sasl-plaintext', { sasl: { mechanism, ...login, password: 'hunter2' } });
    expect(error.cause).toBeInstanceOf(KafkaAccessError);
    expect(error.message).toContain('refuses the credentials: check user, password or token');
    expect(error.message).not.toContain('hunter2');
  });

  it('logs in with a token', async () => {
    const sasl = (lifetimeMs: number) => ({
      mechanism: 'oauthbearer' as const,
      token: async () => unsecuredToken('alice', lifetimeMs),
    });
    expect(await publish('sasl-plaintext', { sasl: sasl(60_000) })).toBe('accepted');
    const refused = await publish('sasl-plaintext', { sasl: sasl(-60_000) });
    expect(refused.cause).toBeInstanceOf(KafkaAccessError);
  });

  /** Uses the connections of a producer and of a consumer again and again, for some time or until `isDone`; each use must succeed. */
  const use = async (sasl: KafkaSaslOptions, isDone: () => boolean) => {
    using logged = recordedLogs();
    const options = resolveProducerOptions({
      bootstrapServers: server.address('sasl-plaintext').bootstrapServers,
      schemaRegistry: { register: () => 1, schemaById: () => undefined },
      requestTimeoutMs: 1_000,
      deliveryTimeoutMs: 8_000,
      sasl,
    });
    await using producer = new KafkaEventBusProducer(options);
    const driver = new KafkaDriver(options);
    const message = { topic: 'secure', key: null, value: Buffer.from('x'), headers: [] };
    const failures: unknown[] = [];
    try {
      await driver.connect();
      await driver.hasTopic('secure');
      while (!isDone()) {
        const [[result]] = await Promise.all([
          producer.publishMessages([message]),
          driver.topicNames().catch((error: unknown) => void failures.push(String(error))),
        ]);
        if (result?.status !== 'fulfilled') failures.push(result?.reason);
        if (failures.length > 20) break;
      }
    } finally {
      driver.close();
    }
    return { failures, warnings: logged.lines.filter((line) => /^(?:warn|error)/.test(line)) };
  };
  const after = (ms: number) => {
    const start = performance.now();
    return () => performance.now() - start > ms;
  };

  it('logs in again before a session of two seconds ends', async () => {
    const used = await use({ mechanism: 'plain', ...login }, after(3_200));
    expect(used).toEqual({ failures: [], warnings: [] });
  });

  it('logs in again with a token that is kept to its last moment, and with the next one', async () => {
    let tokens = 0;
    let ends = 0;
    let current = '';
    const token = () => {
      if (performance.now() > ends) {
        tokens += 1;
        ends = performance.now() + 1_500;
        current = unsecuredToken('alice', 1_550);
      }
      return current;
    };
    const used = await use({ mechanism: 'oauthbearer', token }, () => tokens > 2);
    expect(used).toEqual({ failures: [], warnings: [] });
  });

  it('continues when the provider of tokens fails, or returns anything else, when a session is renewed', async () => {
    const results = await Promise.all(
      Object.entries(oddProviders).map(async ([what, odd]) => [what, await publishedWith(odd)]),
    );
    expect(Object.fromEntries(results)).toEqual(
      Object.fromEntries(Object.keys(oddProviders).map((what) => [what, 'accepted'])),
    );
  });

  /** Publishes until two tokens were odd and the next one is right again. */
  async function publishedWith(odd: () => unknown): Promise<unknown> {
    let calls = 0;
    const token = () => {
      calls += 1;
      return (calls === 3 || calls === 4 ? odd() : unsecuredToken('alice', 60_000)) as string;
    };
    await using producer = new KafkaEventBusProducer({
      bootstrapServers: server.address('sasl-plaintext').bootstrapServers,
      schemaRegistry: { register: () => 1, schemaById: () => undefined },
      deliveryTimeoutMs: 8_000,
      requestTimeoutMs: 1_000,
      sasl: { mechanism: 'oauthbearer', token },
    });
    const message = { topic: 'secure', key: null, value: Buffer.from('x'), headers: [] };
    while (calls < 5) {
      const [result] = await producer.publishMessages([message]);
      if (result?.status !== 'fulfilled') return result?.reason;
    }
    return 'accepted';
  }

  it('sends no credentials in clear text to a broker that is on another machine', async () => {
    const check = vi.spyOn(BlockList.prototype, 'check').mockReturnValue(false);
    check.mockReturnValueOnce(true); // the option, at the start
    try {
      const error = await publish('sasl-plaintext', { sasl: { mechanism: 'plain', ...login } });
      expect(error.cause).toBeInstanceOf(KafkaAccessError);
      expect(error.message).toMatch(
        /is on another machine, and the credentials would be sent in clear text: set tls/,
      );
    } finally {
      check.mockRestore();
    }
  });

  it('encrypts, trusts the configured authority, and logs in', async () => {
    const { ca } = await testCertificates();
    expect(await publish('tls', { tls: { ca: ca.path } })).toBe('accepted');
    expect(await publish('sasl-tls', { tls: { ca: ca.text }, sasl: { mechanism: 'plain', ...login } })).toBe(
      'accepted',
    );
    const stranger = await makeCertificates();
    for (const tls of [true, { ca: stranger.ca.text }]) {
      const error = await publish('tls', { tls });
      expect(error.cause).toBeInstanceOf(KafkaAccessError);
      expect(error).toMatchObject({ retryable: false, fault: 'bus' });
      expect(error.message).toMatch(/is not trusted \(\w+\): check tls\.ca/);
    }
  });

  it('shows a certificate where the broker asks for one', async () => {
    const { ca, clientKey, clientCertificate } = await testCertificates();
    const tls = { ca: ca.text, key: clientKey.path, cert: clientCertificate.path };
    expect(await publish('mtls', { tls })).toBe('accepted');
    const error = await publish('mtls', { tls: { ca: ca.text }, deliveryTimeoutMs: 300 });
    expect(error).toBeInstanceOf(Error);
  });

  it('reports that a port speaks TLS, or does not', async () => {
    const plain = await publish('tls', { deliveryTimeoutMs: 300, requestTimeoutMs: 1_000 });
    expect(plain).toMatchObject({ code: 'EVENTS_PRODUCE_FAILED' });
    expect(plain.message).toContain('this port asks for TLS or a login');
    const encrypted = await publish('sasl-plaintext', { tls: true, deliveryTimeoutMs: 300 });
    expect(encrypted.message).toContain('does this port of the broker speak TLS?');
  });
});
