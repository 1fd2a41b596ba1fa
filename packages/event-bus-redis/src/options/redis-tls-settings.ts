import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { reasonOf, type SettingReader } from '@openedx-ts/events-core/bus';

/**
 * Reads the TLS options from environment variables, which do not exist in Python: `EVENT_BUS_REDIS_TLS_CA`, `…_TLS_CERT`
 * and `…_TLS_KEY`, each as PEM text or as the path of a PEM file, `…_TLS_KEY_PASSWORD` of a key that is encrypted, and
 * `…_TLS_SERVER_NAME`. One of them turns TLS on.
 *
 * @returns undefined when none is set
 */
export function redisTlsSettings(read: SettingReader): ConnectionOptions | undefined {
  const ca = pem(read, 'EVENT_BUS_REDIS_TLS_CA');
  const cert = pem(read, 'EVENT_BUS_REDIS_TLS_CERT');
  const key = pem(read, 'EVENT_BUS_REDIS_TLS_KEY');
  const servername = read.text('EVENT_BUS_REDIS_TLS_SERVER_NAME');
  const passphrase = read.text('EVENT_BUS_REDIS_TLS_KEY_PASSWORD');
  for (const [name, other] of [
    ['EVENT_BUS_REDIS_TLS_CERT', 'EVENT_BUS_REDIS_TLS_KEY'],
    ['EVENT_BUS_REDIS_TLS_KEY', 'EVENT_BUS_REDIS_TLS_CERT'],
    ['EVENT_BUS_REDIS_TLS_KEY', 'EVENT_BUS_REDIS_TLS_KEY_PASSWORD'],
  ] as const) {
    if (read.text(name) === undefined && read.text(other) !== undefined)
      read.wrong(name, `is missing beside ${other}`);
  }
  const given = { ca, cert, key, passphrase, servername };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

function pem(read: SettingReader, name: string): string | undefined {
  const given = read.text(name);
  if (given === undefined || given.includes('-----BEGIN')) return given;
  try {
    const text = readFileSync(given, 'utf8');
    if (text.includes('-----BEGIN')) return text;
    read.wrong(name, 'must be PEM text or the path of a PEM file');
  } catch (error) {
    read.wrong(
      name,
      `the file cannot be read (${(error as { readonly code?: string }).code ?? reasonOf(error)})`,
    );
  }
  return undefined;
}
