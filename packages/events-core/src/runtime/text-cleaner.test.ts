import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TextCleaner } from './text-cleaner.js';

const password = 'p@ss w/örd+1&2"';
const login = `ann:${password}`;

describe('TextCleaner', () => {
  it.each([
    ['as it is', password],
    ['in base64, as in the Authorization header', Buffer.from(login).toString('base64')],
    ['in base64 without padding', Buffer.from(login).toString('base64').replace(/=+$/, '')],
    ['in base64url', Buffer.from(password).toString('base64url')],
    ['encoded for a URL', encodeURIComponent(password)],
    ['encoded for a URL in lower case', encodeURIComponent(password).toLowerCase()],
    ['encoded as a form', new URLSearchParams({ p: password }).toString().slice(2)],
    ['in JSON', JSON.stringify(password)],
    ['in HTML', 'p@ss w/örd+1&amp;2&quot;'],
  ])('removes a secret that a server repeats %s', (_what, repeated) => {
    const cleaned = new TextCleaner([password, login]).clean(`no: <${repeated}> is wrong`);
    expect(cleaned).toMatch(/^no: <"?\*\*\*=*"?> is wrong$/);
  });

  it('removes the tokens that were used last, and keeps no others', () => {
    const texts = new TextCleaner();
    for (let number = 10; number < 30; number += 1) texts.addSecret(`token-${number}`);
    expect(texts.clean('token-29 token-22 token-10')).toBe('*** *** token-10');
  });

  it('does not cut words where a secret is hardly one', () => {
    expect(new TextCleaner(['or', '']).clean('orders or not')).toBe('orders *** not');
  });

  it('escapes what could change a terminal or a log', () => {
    expect(new TextCleaner().clean('a\u001b[31m\nb\u202ec\u2028\ud800')).toBe(
      'a\\u{1b}[31m\\u{a}b\\u{202e}c\\u{2028}\\u{d800}',
    );
  });

  it('cuts long texts, and leaves no half of a secret', () => {
    expect(new TextCleaner().clean('x'.repeat(9_000))).toBe(`${'x'.repeat(500)}…`);
    expect(new TextCleaner(['hunter2']).clean(`${'x'.repeat(498)}hunter2`)).toBe(`${'x'.repeat(498)}**…`);
    expect(new TextCleaner(['hunter2']).clean('hunter2'.repeat(1_000_000), 20_000)).not.toContain('hun');
    expect(new TextCleaner(['hunter2']).clean(`${'x'.repeat(19_996)}hunter2`, 30_000)).not.toContain('hun');
  });

  it('cleans everything that a logger prints of an error and its causes', () => {
    const parse = Object.assign(new Error('bad hunter2\u001b[0m'), {
      data: 'HTTP/1.1 hunter2',
      code: 'EBAD',
    });
    const error = new Error('it failed: hunter2', { cause: parse });
    expect(new TextCleaner(['hunter2']).cleanError(error)).toBe(error);
    expect(error.message).toBe('it failed: ***');
    expect(parse).toMatchObject({ message: 'bad ***\\u{1b}[0m', code: 'EBAD' });
    const shown = inspect(error, { showHidden: true });
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain('\u001b[0m');
    expect(error.stack).toMatch(/\n {4}at /);
  });

  it('leaves what is no error alone, and ends with causes that lead in a circle', () => {
    const texts = new TextCleaner(['hunter2']);
    expect(texts.cleanError('hunter2')).toBe('hunter2');
    const error = new Error('hunter2');
    error.cause = error;
    expect(texts.cleanError(error).message).toBe('***');
    expect(() => texts.cleanError(Object.freeze(new Error('hunter2')))).not.toThrow();
  });
});
