import type { Issue } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import type { KafkaTlsOptions } from './kafka-tls-options.js';
import { pemOf } from './pem-of.js';
import { unknownOptions } from './unknown-options.js';

/** Checks TLS options. Issues never contain the values. */
export function tlsIssues(tls: unknown): readonly Issue[] {
  if (tls === undefined || typeof tls === 'boolean') return [];
  if (typeof tls !== 'object' || tls === null) {
    return [{ path: 'tls', message: 'must be true, false or { ca, cert, key, passphrase, serverName }' }];
  }
  const issues = unknownOptions('tls', tls, ['ca', 'cert', 'key', 'passphrase', 'serverName']);
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
