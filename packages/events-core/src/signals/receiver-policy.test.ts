import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../runtime/resolve-options.js';
import {
  partialPolicyRules,
  policyOver,
  type ReceiverPolicy,
  type ResolvedReceiverPolicy,
  receiverPolicyRules,
} from './receiver-policy.js';

const base: ResolvedReceiverPolicy = resolveOptions('base', {}, receiverPolicyRules);

describe('receiverPolicyRules', () => {
  it('have the defaults that the documentation promises', () => {
    expect(base).toEqual({
      maxAttempts: 5,
      initialBackoffMs: 100,
      maxBackoffMs: 10_000,
      receiverTimeoutMs: 300_000,
      onFailure: 'dead-letter',
    });
  });
});

describe('policyOver', () => {
  it('is the base where there is no policy', () => {
    expect(policyOver(undefined, base)).toBe(base);
  });

  it.each<[ReceiverPolicy]>([
    [{}],
    [{ maxAttempts: 1 }],
    [{ maxAttempts: Number.POSITIVE_INFINITY, onFailure: 'stop' }],
    [{ initialBackoffMs: 0 }],
    [{ maxBackoffMs: 0, receiverTimeoutMs: 1 }],
    [{ onFailure: 'drop' }],
  ])('takes from %o what it says, and the rest from the base', (policy) => {
    expect(policyOver(policy, base)).toEqual({ ...base, ...policy });
  });

  it('treats undefined as not set', () => {
    expect(policyOver({ maxAttempts: undefined, onFailure: undefined }, base)).toEqual(base);
  });
});

describe('partialPolicyRules', () => {
  it('leave undecided what is not given', () => {
    expect(policyOver(resolveOptions('policy', { maxAttempts: 2 }, partialPolicyRules), base)).toEqual({
      ...base,
      maxAttempts: 2,
    });
  });

  it.each<[object, string]>([
    [{ maxAttempts: 0 }, 'policy: maxAttempts: must be a whole number, 1 or more'],
    [{ maxAttempts: -1 }, 'policy: maxAttempts: must be a whole number, 1 or more'],
    [{ maxAttempts: 1.5 }, 'policy: maxAttempts: must be a whole number, 1 or more'],
    [{ maxAttempts: null }, 'policy: maxAttempts: must be a whole number, 1 or more'],
    [{ initialBackoffMs: -1 }, 'policy: initialBackoffMs: must be a number of milliseconds, 0 or more'],
    [{ maxBackoffMs: Number.NaN }, 'policy: maxBackoffMs: must be a number of milliseconds, 0 or more'],
    [{ receiverTimeoutMs: '5s' }, 'policy: receiverTimeoutMs: must be a number of milliseconds, more than 0'],
    [{ receiverTimeoutMs: -5 }, 'policy: receiverTimeoutMs: must be a number of milliseconds, more than 0'],
    [{ receiverTimeoutMs: 0 }, 'policy: receiverTimeoutMs: must be a number of milliseconds, more than 0'],
    [{ onFailure: 'ignore' }, 'policy: onFailure: must be one of dead-letter, drop, stop'],
    [{ onFailure: 'dead-leter' }, 'policy: onFailure: must be one of dead-letter, drop, stop'],
    [{ retries: 3 }, 'policy: retries: unknown option'],
    [{ maxAttempt: 3 }, 'policy: maxAttempt: unknown option: did you mean maxAttempts?'],
  ])('refuse %o', (policy, message) => {
    expect(() => resolveOptions('policy', policy, partialPolicyRules)).toThrow(message);
  });

  it('name everything that is wrong at once', () => {
    const policy = { maxAttempts: 0, onFailure: 'never' };
    expect(() => resolveOptions('policy', policy, partialPolicyRules)).toThrow(/maxAttempts: .*onFailure: /);
  });
});
