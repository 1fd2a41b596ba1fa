import { readFileSync } from 'node:fs';
import type { Issue } from '@openedx-ts/events-core';
import { nearestName, reasonOf } from '@openedx-ts/events-core/bus';

/** Certificates of a TLS connection, each as PEM text or as the path of a PEM file. */
export interface KafkaTlsOptions {
  /** Whom to trust instead of the authorities Node trusts. */
  readonly ca?: string | undefined;
  /** Our own certificate, where the server asks for one (mTLS). */
  readonly cert?: string | undefined;
  /** The key of `cert`. */
  readonly key?: string | undefined;
  /** The password of `key`. */
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate must have. @defaultValue the host that is connected to */
  readonly serverName?: string | undefined;
}

/** Who we are. */
export type KafkaSaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Called for each connection, and again before a session ends. Keep a token as long as it is good. */
      readonly token: () => string | Promise<string>;
    };

/** TLS settings under the names Node has for them, with files read. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
}

/** What Node is told for TLS; undefined for none. */
export function tlsSettings(tls: boolean | KafkaTlsOptions | undefined): TlsSettings | undefined {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return {};
  const { ca, cert, key, passphrase, serverName } = tls;
  return {
    ...(ca ? { ca: pemOf(ca) } : {}),
    ...(cert ? { cert: pemOf(cert) } : {}),
    ...(key ? { key: pemOf(key) } : {}),
    ...(passphrase ? { passphrase } : {}),
    ...(serverName ? { servername: serverName } : {}),
  };
}

/** What is wrong with TLS options; never shows what they hold. */
export function tlsIssues(tls: unknown): readonly Issue[] {
  if (tls === undefined || typeof tls === 'boolean') return [];
  if (typeof tls !== 'object' || tls === null) {
    return [{ path: 'tls', message: 'must be true, false or { ca, cert, key, passphrase, serverName }' }];
  }
  const issues = unknownKeys('tls', tls, ['ca', 'cert', 'key', 'passphrase', 'serverName']);
  const { cert, key } = tls as KafkaTlsOptions;
  for (const [name, value] of Object.entries(tls)) {
    const problem = value === undefined ? undefined : textProblem(name, value);
    if (problem !== undefined) issues.push({ path: `tls.${name}`, message: problem });
  }
  if ((cert === undefined) !== (key === undefined)) {
    issues.push({ path: 'tls', message: 'cert and key belong together: give both or neither' });
  }
  return issues;
}

/** What is wrong with SASL options; never shows what they hold. */
export function saslIssues(sasl: unknown): readonly Issue[] {
  if (sasl === undefined) return [];
  const { mechanism } = (sasl ?? {}) as Partial<KafkaSaslOptions>;
  const allowed = mechanism === undefined ? undefined : fieldsOf[mechanism];
  if (allowed === undefined) {
    return [{ path: 'sasl.mechanism', message: `must be one of ${Object.keys(fieldsOf).join(', ')}` }];
  }
  const issues = unknownKeys('sasl', sasl as object, ['mechanism', ...allowed]);
  for (const name of allowed) {
    const value = (sasl as Record<string, unknown>)[name];
    const isRight =
      name === 'token' ? typeof value === 'function' : typeof value === 'string' && value !== '';
    const message = name === 'token' ? 'must be a function' : 'must be a text that is not empty';
    if (!isRight) issues.push({ path: `sasl.${name}`, message });
  }
  return issues;
}

const fieldsOf: Readonly<Record<string, readonly string[] | undefined>> = {
  plain: ['username', 'password'],
  'scram-sha-256': ['username', 'password'],
  'scram-sha-512': ['username', 'password'],
  oauthbearer: ['token'],
};

function unknownKeys(path: string, given: object, known: readonly string[]): Issue[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
      return { path: `${path}.${name}`, message: `unknown option${hint}` };
    });
}

function textProblem(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'must be a text that is not empty';
  if (!['ca', 'cert', 'key'].includes(name)) return undefined;
  try {
    return pemOf(value).includes('-----BEGIN') ? undefined : 'must be PEM text or the path of a PEM file';
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return `the file cannot be read (${code ?? reasonOf(error)})`;
  }
}

function pemOf(textOrPath: string): string {
  return textOrPath.includes('-----BEGIN') ? textOrPath : readFileSync(textOrPath, 'utf8');
}
