import { InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { checkCompatibility } from './check-compatibility.js';

const field = (name: string, type: unknown, fallback?: unknown) =>
  fallback === undefined ? { name, type } : { name, type, default: fallback };
const record = (name: string, ...fields: object[]) => ({ name, type: 'record', fields });
const event = (...fields: object[]) => ({
  ...record('CloudEvent', ...fields),
  namespace: 'org.openedx.enterprise.redemption-reversed.v1',
});
const optional = (type: unknown) => ['null', type];

/** `path direction` of each problem. */
function problems(old: object, next: object): string[] {
  return checkCompatibility({ old, new: next }).problems.map(({ path, direction }) => `${path} ${direction}`);
}

describe('checkCompatibility', () => {
  const id = field('id', 'long');

  it.each<[string, object, object, string[]]>([
    ['nothing changed', event(id), event(id), []],
    ['an optional field added', event(id), event(id, field('a', optional('string'), null)), []],
    ['an optional field removed', event(id, field('a', optional('string'), null)), event(id), []],
    ['a required field added', event(id), event(id, field('a', 'string')), ['a backward']],
    ['a field with a default added', event(id), event(id, field('a', 'string', 'x')), []],
    ['a required field removed', event(id, field('a', 'string')), event(id), ['a forward']],
    ['string to long', event(field('a', 'string')), event(field('a', 'long')), ['a backward', 'a forward']],
    ['int to long', event(field('a', 'int')), event(field('a', 'long')), ['a forward']],
    ['long to double', event(field('a', 'long')), event(field('a', 'double')), ['a forward']],
    ['double to long', event(field('a', 'double')), event(field('a', 'long')), ['a backward']],
    ['string to bytes and back', event(field('a', 'string')), event(field('a', 'bytes')), []],
    [
      'required to nullable',
      event(field('a', 'long')),
      event(field('a', optional('long'), null)),
      ['a forward'],
    ],
    [
      'nullable to required',
      event(field('a', optional('long'), null)),
      event(field('a', 'long')),
      ['a backward'],
    ],
    ['another order', event(id, field('a', 'long')), event(field('a', 'long'), id), []],
    ['another namespace', event(id), { ...event(id), namespace: 'org.other' }, []],
    [
      'a nested record renamed',
      event(field('u', record('User', id))),
      event(field('u', record('Person', id))),
      ['u backward', 'u forward'],
    ],
    [
      'a change in a list of records in a map',
      event(field('m', { type: 'map', values: { type: 'array', items: record('User', id) } })),
      event(
        field('m', { type: 'map', values: { type: 'array', items: record('User', id, field('a', 'long')) } }),
      ),
      ['m{}[].a backward'],
    ],
    [
      'a symbol added',
      event(field('e', { type: 'enum', name: 'E', symbols: ['A'] })),
      event(field('e', { type: 'enum', name: 'E', symbols: ['A', 'B'] })),
      ['e forward'],
    ],
    [
      'a symbol added where there is a default',
      event(field('e', { type: 'enum', name: 'E', symbols: ['A'], default: 'A' })),
      event(field('e', { type: 'enum', name: 'E', symbols: ['A', 'B'], default: 'A' })),
      [],
    ],
    [
      'another size of a fixed',
      event(field('f', { type: 'fixed', name: 'F', size: 1 })),
      event(field('f', { type: 'fixed', name: 'F', size: 2 })),
      ['f backward', 'f forward'],
    ],
    [
      'a recursive record, one field added',
      event(field('n', record('Node', field('next', optional('Node'), null)))),
      event(field('n', record('Node', field('next', optional('Node'), null), id))),
      ['n.id backward'],
    ],
  ])('judges %s', (_what, old, next, expected) => {
    expect(problems(old, next)).toStrictEqual(expected);
  });

  it('gives the reason in words', () => {
    const [added] = checkCompatibility({ old: event(id), new: event(id, field('a', 'string')) }).problems;
    expect(added?.message).toBe(
      'the new schema requires this field and has no default, the old schema lacks it',
    );
    const [nullable] = checkCompatibility({
      old: event(id),
      new: event(field('id', optional('long'), null)),
    }).problems;
    expect(nullable?.message).toBe('the new schema may have null, the old schema expects long');
  });

  it('checks the direction of mode', () => {
    const question = { old: event(id), new: event(id, field('a', 'string')) };
    expect(checkCompatibility({ ...question, mode: 'forward' })).toStrictEqual({
      compatible: true,
      problems: [],
    });
    expect(checkCompatibility({ ...question, mode: 'backward' }).compatible).toBe(false);
  });

  it('checks every old version, not only the last', () => {
    const first = event(field('a', 'long'));
    const second = event(field('a', optional('long'), null), field('b', optional('long'), null));
    const { problems } = checkCompatibility({ old: [first, second], new: second });
    expect(problems).toMatchObject([{ path: 'a', direction: 'forward', version: 0 }]);
  });

  it('accepts text, and names an input that is not a schema', () => {
    const text = JSON.stringify(event(id));
    expect(checkCompatibility({ old: [text], new: text }).compatible).toBe(true);
    expect(() => checkCompatibility({ old: [text, '{'], new: text })).toThrow(InvalidOptionsError);
    expect(() => checkCompatibility({ old: [text, '{'], new: text })).toThrow(
      /old\.1: the schema is not valid JSON/,
    );
  });
});
