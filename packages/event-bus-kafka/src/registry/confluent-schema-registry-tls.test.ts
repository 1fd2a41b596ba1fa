import { makeCertificates, startFakeSchemaRegistry, testCertificates } from '@openedx-ts/brokers';
import { InfrastructureError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { ConfluentSchemaRegistry } from './confluent-schema-registry.js';

describe('ConfluentSchemaRegistry over TLS', () => {
  it('trusts the configured authority, and shows its own certificate', async () => {
    const { ca, serverKey, serverCertificate, clientKey, clientCertificate } = await testCertificates();
    await using server = await startFakeSchemaRegistry({
      tls: { key: serverKey.text, cert: serverCertificate.text, clientCa: ca.text },
    });
    const tls = { ca: ca.path, cert: clientCertificate.path, key: clientKey.text };
    expect(await new ConfluentSchemaRegistry({ url: server.url, tls }).register('a', '"string"')).toBe(1);
    const nobody = new ConfluentSchemaRegistry({ url: server.url, tls: { ca: ca.text } });
    await expect(nobody.register('a', '"string"')).rejects.toBeInstanceOf(InfrastructureError);
  });

  it('trusts no other authority, and reports why', async () => {
    const { serverKey, serverCertificate } = await testCertificates();
    const stranger = await makeCertificates();
    await using server = await startFakeSchemaRegistry({
      tls: { key: serverKey.text, cert: serverCertificate.text },
    });
    for (const tls of [undefined, { ca: stranger.ca.text }]) {
      const registry = new ConfluentSchemaRegistry({ url: server.url, tls });
      await expect(registry.register('a', '"string"')).rejects.toThrow(
        /cannot be reached \(.*(?:CERT|SELF_SIGNED|UNABLE_TO)/,
      );
    }
  });

  it('has one id for keys that differ in their name only, where the registry compares meanings', async () => {
    await using server = await startFakeSchemaRegistry();
    const registry = new ConfluentSchemaRegistry({ url: server.url });
    const texts = ['{"name": "username", "type": "string"}', '{"name": "usage_key", "type": "string"}'];
    const ids = await Promise.all(texts.map((text) => registry.register('t-string', text)));
    expect(new Set(ids).size).toBe(1);
  });
});
