import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { makeCertificates, testCertificates } from '../certificates/test-certificates.js';
import { startFakeSchemaRegistry } from './start-fake-schema-registry.js';

describe('startFakeSchemaRegistry with TLS', () => {
  it('shows its certificate and asks for one where a CA of clients is given', async () => {
    const { ca, serverKey, serverCertificate, clientKey, clientCertificate } = await testCertificates();
    const server = { key: serverKey.text, cert: serverCertificate.text };
    await using open = await startFakeSchemaRegistry({ tls: server });
    await using closed = await startFakeSchemaRegistry({ tls: { ...server, clientCa: ca.text } });
    expect(await status(`${open.url}/subjects`, { ca: ca.text })).toBe(200);
    const login = { key: clientKey.text, cert: clientCertificate.text };
    expect(await status(`${closed.url}/subjects`, { ca: ca.text, ...login })).toBe(200);
    await expect(status(`${closed.url}/subjects`, { ca: ca.text })).rejects.toThrow();
    const stranger = await makeCertificates();
    await expect(status(`${open.url}/subjects`, { ca: stranger.ca.text })).rejects.toThrow(/certificate/);
  });
});

function status(url: string, options: { ca: string; key?: string; cert?: string }) {
  return new Promise<number | undefined>((resolve, reject) => {
    const request = get(url, { ...options, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on('error', reject);
  });
}
