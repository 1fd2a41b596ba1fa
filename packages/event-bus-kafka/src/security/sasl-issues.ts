import type { Issue } from '@openedx-ts/events-core';
import type { KafkaSaslOptions } from './kafka-sasl-options.js';
import { unknownOptions } from './unknown-options.js';

/** Checks SASL options. Issues never contain the values. */
export function saslIssues(sasl: unknown): readonly Issue[] {
  if (sasl === undefined) return [];
  const { mechanism } = (sasl ?? {}) as Partial<KafkaSaslOptions>;
  const allowed = mechanism === undefined ? undefined : fieldsOf[mechanism];
  if (allowed === undefined) {
    return [{ path: 'sasl.mechanism', message: `must be one of ${Object.keys(fieldsOf).join(', ')}` }];
  }
  const issues = unknownOptions('sasl', sasl as object, ['mechanism', ...allowed]);
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
