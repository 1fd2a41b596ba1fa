import {
  type KafkaServer,
  kafkaOrReason,
  makeCertificates,
  type SecureListener,
  testCertificates,
  unsecuredToken,
} from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KafkaAccessError } from './driver/kafka-error.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import type { KafkaProducerOptions } from './options/kafka-options.js';

const kafka = await kafkaOrReason({
  listeners: ['sasl-plaintext', 'tls', 'mtls', 'sasl-tls'],
  users: { alice: 'wonder-land' },
  config: ['connections.max.reauth.ms=11000'], // a second more than kafkajs logs in ahead of the end
});
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

  it('logs in again with a new token before a session ends', async () => {
    let tokens = 0;
    const token = () => {
      tokens += 1;
      return unsecuredToken('alice', 60_000);
    };
    await using producer = new KafkaEventBusProducer({
      bootstrapServers: server.address('sasl-plaintext').bootstrapServers,
      schemaRegistry: { register: () => 1, schemaById: () => undefined },
      sasl: { mechanism: 'oauthbearer', token },
    });
    const send = async () => {
      const message = { topic: 'secure', key: null, value: Buffer.from('x'), headers: [] };
      const [result] = await producer.publishMessages([message]);
      expect(result?.status).toBe('fulfilled');
    };
    await send();
    await send();
    const before = tokens;
    await vi.waitFor(
      async () => {
        await send();
        expect(tokens).toBeGreaterThan(before);
      },
      { timeout: 5_000, interval: 50 },
    );
    await send();
  });

  it('encrypts, trusts whom it is told to trust, and logs in', async () => {
    const { ca } = await testCertificates();
    expect(await publish('tls', { tls: { ca: ca.path } })).toBe('accepted');
    expect(await publish('sasl-tls', { tls: { ca: ca.text }, sasl: { mechanism: 'plain', ...login } })).toBe(
      'accepted',
    );
    const stranger = await makeCertificates();
    for (const tls of [true, { ca: stranger.ca.text }]) {
      const error = await publish('tls', { tls });
      expect(error.cause).toBeInstanceOf(KafkaAccessError);
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

  it('says that a port speaks TLS, or does not', async () => {
    const plain = await publish('tls', { deliveryTimeoutMs: 300, requestTimeoutMs: 1_000 });
    expect(plain).toMatchObject({ code: 'EVENTS_PRODUCE_FAILED' });
    expect(plain.message).toContain('this port asks for TLS or a login');
    const encrypted = await publish('sasl-plaintext', { tls: true, deliveryTimeoutMs: 300 });
    expect(encrypted.message).toContain('does this port of the broker speak TLS?');
  });
});
