import { describe, expect, it } from 'vitest';
import { hasErrorCode } from '../errors/has-error-code.js';
import { InfrastructureError, RetryEventError } from '../errors/receiver-errors.js';
import { json } from '../shapes/json.js';
import { list } from '../shapes/list.js';
import { optional } from '../shapes/optional.js';
import { long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { maskError } from './mask-error.js';

const shape = record('R', {
  user: record('User', {
    name: string({ pii: 'name' }),
    emails: list(string({ pii: 'email_address' })),
    profile: optional(json({ pii: 'biography' })),
    id: long({ pii: 'username' }),
    course: string(),
  }),
});
const data = {
  user: {
    name: 'Ada',
    emails: ['ada@example.org', 'lovelace@example.org'],
    profile: { city: 'London' },
    id: 4711,
    course: 'demo',
  },
};
const mask = (error: unknown) => maskError(error, shape, data);

describe('maskError', () => {
  it('masks personal values of the event in message, stack, properties and causes', () => {
    const cause = Object.assign(new Error('Key (email)=(ada@example.org) exists'), {
      detail: 'user 4711 of London',
      constraint: 'demo',
    });
    const error = new Error('cannot store Ada <lovelace@example.org> in demo', { cause });
    const shown = mask(error) as Error & { cause: typeof cause };
    expect(shown.message).toBe('cannot store *** <***> in demo');
    expect(shown.stack).not.toMatch(/Ada|lovelace/);
    expect(shown.cause).toMatchObject({
      message: 'Key (email)=(***) exists',
      detail: 'user *** of ***',
      constraint: 'demo',
    });
    expect(error.message).toContain('Ada'); // the sender's own error stays
  });

  it('masks the errors of an AggregateError', () => {
    const shown = mask(new AggregateError([new Error('no Ada'), new Error('none')], 'all')) as AggregateError;
    expect(shown.errors.map(({ message }: Error) => message)).toEqual(['no ***', 'none']);
  });

  it('keeps class, code and fields, on which the decision about the event depends', () => {
    const shown = mask(new RetryEventError('Ada is busy', { retryAfterMs: 7 }));
    expect(shown).toBeInstanceOf(RetryEventError);
    expect(shown).toMatchObject({ message: '*** is busy', retryAfterMs: 7, code: 'EVENTS_RETRY_EVENT' });
    expect(hasErrorCode(mask(new InfrastructureError('Ada')), 'EVENTS_INFRASTRUCTURE')).toBe(true);
  });

  it('returns the error itself when nothing in it is personal', () => {
    for (const error of [new Error('metadata of Adam is missing'), 'Ada', undefined, null, 7]) {
      expect(mask(error)).toBe(error);
    }
  });

  it('returns an error that cannot be read', () => {
    const odd = new Proxy(new Error('x'), {
      ownKeys: () => {
        throw new Error('no');
      },
    });
    expect(mask(odd)).toBe(odd);
  });
});
