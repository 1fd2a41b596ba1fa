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

  it('masks an error whose properties cannot be replaced', () => {
    const shown = mask(Object.freeze(new Error('no Lovelace <ada@example.org>'))) as Error;
    expect(shown.message).toBe('no Lovelace <***>');
    expect(shown.stack).not.toContain('ada@example.org');
  });

  it('masks an error with a property that cannot be read', () => {
    const error = new Error('no ada@example.org');
    Object.defineProperty(error, 'response', {
      get: () => {
        throw new Error('the response was read already');
      },
    });
    expect(mask(error)).toMatchObject({ message: 'no ***', response: '***' });
  });

  it('masks a message that a getter of the class returns, and keeps name and code', () => {
    const shown = mask(new DOMException('ada@example.org could not be cloned', 'DataCloneError'));
    expect(shown).toMatchObject({ message: '*** could not be cloned', name: 'DataCloneError', code: 25 });
    expect(shown).toBeInstanceOf(DOMException);
  });

  it('masks the items of a list that has as many as a personal number', () => {
    const rows = new Array(4711).fill('ada@example.org');
    const shown = mask(Object.assign(new Error('none'), { rows })) as Error & { readonly rows: string[] };
    expect(shown.rows).toHaveLength(4711);
    expect(shown.rows[7]).toBe('***');
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
    for (const error of [new Error('metadata of Adam is missing'), 'Adam', undefined, null, 7]) {
      expect(mask(error)).toBe(error);
    }
  });

  it('masks a text that is thrown without an error', () => {
    expect(mask('no Ada')).toBe('no ***');
  });

  it('masks values that an error holds in objects, numbers, maps and instances', () => {
    class User {
      readonly email = 'lovelace@example.org';
    }
    const users = { kept: new Map([['course', 'demo']]), when: new Date(0) };
    const error = Object.assign(new Error('failed'), {
      response: { status: 409, body: { emails: ['ada@example.org', 'x@example.org'] } },
      userId: 4711,
      user: new User(),
      sessions: new Map([['ada@example.org', 1]]),
      ...users,
    });
    expect(mask(error)).toMatchObject({
      response: { status: 409, body: { emails: ['***', 'x@example.org'] } },
      userId: '***',
      user: '***',
      sessions: '***',
      ...users,
    });
    expect(error.response.body.emails[0]).toBe('ada@example.org');
  });

  it.each([
    ['in JSON', JSON.stringify('a "b" <c>&d')],
    ['in a URL', encodeURIComponent('a "b" <c>&d')],
    ['in HTML', 'a &quot;b&quot; &lt;c&gt;&amp;d'],
    ['in base64', Buffer.from('a "b" <c>&d').toString('base64')],
    ['in lower case', 'ada@example.org'],
  ])('masks a value that is written %s', (_, written) => {
    const odd = { user: { ...data.user, name: 'a "b" <c>&d', emails: ['Ada@Example.org'] } };
    const shown = maskError(new Error(`no <${written}>`), shape, odd) as Error;
    expect(shown.message).toMatch(/^no <"?\*\*\*=*"?>$/);
  });

  it('masks texts as a whole when the event has more values than are looked for', () => {
    const many = {
      user: { ...data.user, emails: Array.from({ length: 1_001 }, (_, n) => `${n}@example.org`) },
    };
    const error = Object.assign(new Error('no 1000@example.org'), { code: 'ENOUSER' });
    expect(maskError(error, shape, many)).toMatchObject({ message: '***', code: 'ENOUSER' });
  });

  it('masks what cannot be read, and ends in an error that holds itself', () => {
    const odd = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    );
    const error = Object.assign(new Error('no Ada'), { odd, self: undefined as unknown });
    error.self = error;
    expect(mask(error)).toMatchObject({ message: 'no ***', odd: '***' });
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
