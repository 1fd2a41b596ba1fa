import { expect, it, onTestFinished, vi } from 'vitest';
import { json } from '../shapes/json.js';
import { list } from '../shapes/list.js';
import { long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { maskPersonalText } from './mask-personal-text.js';

const shape = record('R', {
  id: long({ pii: 'id' }),
  name: string({ pii: 'name' }),
  more: json({ pii: 'other' }),
  tags: list(string()),
});
const data = { id: 7, name: 'Lovelace', more: { city: 'London' }, tags: ['demo'] };

it.each([
  ['7', '***'],
  ['17', '17'],
  ['course demo of lovelace, LONDON', 'course demo of ***, ***'],
  ['{"city":"London"}', '***'],
  ['demo', 'demo'],
])('masks the personal values in %s', (text, masked) => {
  expect(maskPersonalText(shape, data, text)).toBe(masked);
});

it('masks each of many values in a long text without a pattern of all of them', () => {
  const mails = Array.from({ length: 900 }, (_, index) => `user${index}@example.org`);
  const members = record('Members', { mails: list(string({ pii: 'email_address' })) });
  const replace = vi.spyOn(String.prototype, 'replace');
  onTestFinished(() => replace.mockRestore());
  const shown = maskPersonalText(members, { mails }, `cannot store ${mails.join(', ')}`);
  const longest = Math.max(0, ...replace.mock.calls.map(([pattern]) => String(pattern).length));
  expect(longest).toBeLessThan(1_000); // to compile a pattern of 900 texts takes two seconds
  expect(shown).toBe(`cannot store ${mails.map(() => '***').join(', ')}`);
});

it('masks a text as a whole where the search would take too long', () => {
  const mails = Array.from({ length: 900 }, (_, index) => `user${index}@example.org`);
  const members = record('Members', { mails: list(string({ pii: 'email_address' })) });
  expect(maskPersonalText(members, { mails }, 'x'.repeat(1_000_000))).toBe('***');
  const one = record('One', { name: string({ pii: 'name' }) });
  expect(maskPersonalText(one, { name: 'aaa' }, 'aaaa '.repeat(100_000))).toBe('***');
});

it.each([
  ['abc def', 'def ghi', 'x abc def ghi y', 'x *** y'],
  ['\u0130stanbul', 'Li', '\u0130\u0130: \u0130stanbul', '\u0130\u0130: ***'],
  ['Ada', 'Lovelace', '\u{1d400}ada ADA\u{1d400} ada-lovelace', '\u{1d400}ada ADA\u{1d400} ***-***'],
])('masks %j and %j in %j where they overlap, or stand beside other scripts', (name, more, text, masked) => {
  const two = record('Two', { name: string({ pii: 'name' }), more: string({ pii: 'name' }) });
  expect(maskPersonalText(two, { name, more }, text)).toBe(masked);
});
