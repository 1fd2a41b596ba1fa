import { once } from 'node:events';
import { connect } from 'node:tls';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, testCertificates } from '../certificates/test-certificates.js';
import { kafkaOrReason } from './kafka-or-reason.js';
import type { KafkaServer } from './kafka-server.js';
import { unsecuredToken } from './unsecured-token.js';

const kafka = await kafkaOrReason({
  listeners: ['sasl-plaintext', 'tls', 'mtls', 'sasl-tls'],
  users: { alice: 'wonder-land' },
});

describe.skipIf(kafka.reason)(kafka.titled('startKafka with secure listeners'), () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = await kafka.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const login = { username: 'alice', password: 'wonder-land' };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('lets a user in by %s', async (mechanism) => {
    await topics('sasl-plaintext', { sasl: { mechanism, ...login } as KafkaConfig['sasl'] & object });
    const wrong = { mechanism, ...login, password: 'wrong' } as KafkaConfig['sasl'] & object;
    await expect(topics('sasl-plaintext', { sasl: wrong })).rejects.toThrow(/authentication/i);
  });

  it('lets a token in by OAUTHBEARER until it expires', async () => {
    const sasl = (lifetimeMs: number) => ({
      mechanism: 'oauthbearer' as const,
      oauthBearerProvider: async () => ({ value: unsecuredToken('alice', lifetimeMs) }),
    });
    await topics('sasl-plaintext', { sasl: sasl(60_000) });
    await expect(topics('sasl-plaintext', { sasl: sasl(-60_000) })).rejects.toThrow();
  });

  it('shows a certificate of the test authority, and no other', async () => {
    const { ca } = await testCertificates();
    await topics('tls', { ssl: { ca: ca.text } });
    await topics('sasl-tls', { ssl: { ca: ca.text }, sasl: { mechanism: 'plain', ...login } });
    const stranger = await makeCertificates();
    await expect(topics('tls', { ssl: { ca: stranger.ca.text } })).rejects.toThrow(/certificate/);
  });

  it('asks for a client certificate on the listener mtls', async () => {
    const { ca, clientKey, clientCertificate } = await testCertificates();
    const ssl = { ca: ca.text, key: clientKey.text, cert: clientCertificate.text };
    await topics('mtls', { ssl });
    const { host, port } = server.address('mtls');
    const bare = connect({ host, port, ca: ca.text });
    await expect(once(bare, 'end')).rejects.toThrow(/certificate required|bad certificate/);
  });

  it('reports which listener is missing', async () => {
    await using other = await kafka.start({ listeners: [], own: true });
    expect(() => other.address('tls')).toThrow('without tls');
  });

  async function topics(
    listener: Parameters<KafkaServer['address']>[0],
    config: Omit<KafkaConfig, 'brokers'>,
  ): Promise<string[]> {
    const brokers = [server.address(listener).bootstrapServers];
    const client = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...config });
    const admin = client.admin();
    await admin.connect();
    try {
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  }
});
