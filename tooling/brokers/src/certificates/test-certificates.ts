import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerUnavailableError } from '../ladder/broker-unavailable-error.js';
import { guard } from '../process/guard.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';

/** A PEM file, and what is in it. */
export interface PemFile {
  readonly path: string;
  readonly text: string;
}

/** An authority of this process alone, with a server (127.0.0.1, localhost) and a client (CN `client`) that it vouches for. */
export interface TestCertificates {
  readonly ca: PemFile;
  readonly serverKey: PemFile;
  readonly serverCertificate: PemFile;
  readonly clientKey: PemFile;
  readonly clientCertificate: PemFile;
}

let made: Promise<TestCertificates> | undefined;

/**
 * Certificates for TLS in tests, made once a process by `openssl`; they last a week, and their files as long as the process.
 * @throws {BrokerUnavailableError} when there is no `openssl`
 */
export function testCertificates(): Promise<TestCertificates> {
  made ??= makeCertificates();
  return made;
}

/** Like `testCertificates`, of another authority: for tests that must not trust. */
export async function makeCertificates(): Promise<TestCertificates> {
  const folder = await mkdtemp(join(tmpdir(), 'openedx-ts-certificates-'));
  guard({ folder });
  const openssl = async (...args: string[]) => {
    const { code, output } = await run('openssl', args, { cwd: folder, timeoutMs: 30_000 });
    if (code === 0) return;
    throw new BrokerUnavailableError('certificates', [{ rung: 'openssl', reason: lastLines(output, 1) }]);
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-days', '7', '-subj', '/CN=authority for tests'];
  await openssl('req', '-x509', ...newKey, ...authority);
  const names = {
    server: 'subjectAltName=IP:127.0.0.1,DNS:localhost',
    client: 'extendedKeyUsage=clientAuth',
  };
  for (const [name, extension] of Object.entries(names)) {
    await writeFile(join(folder, `${name}.ext`), extension);
    await openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-days', '7', '-out', `${name}.pem`);
  }
  const file = async (name: string) => {
    const path = join(folder, name);
    return Object.freeze({ path, text: await readFile(path, 'utf8') });
  };
  return Object.freeze({
    ca: await file('ca.pem'),
    serverKey: await file('server.key'),
    serverCertificate: await file('server.pem'),
    clientKey: await file('client.key'),
    clientCertificate: await file('client.pem'),
  });
}
