import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Issue } from '../errors/events-error.js';
import { checkOf } from './check.js';
import { checkJsonText } from './check-json-text.js';
import { json } from './json.js';
import { record } from './record.js';

const { type } = json();

const convert = 'convert it to plain objects, lists and text first';

function deepList(depth: number): unknown {
  let list: unknown = 1;
  for (let level = 0; level < depth; level += 1) list = [list];
  return list;
}

describe('json', () => {
  it('carries every JSON value, and what receivers in this process get is what remote ones get', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null && !JSON.stringify(value).includes('"__proto__"')); // refused, see below
        const normalized = checkOf(json())(value, []);
        expect(type.fromWire(type.toWire(normalized as never))).toEqual(normalized);
        expect(normalized).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives receivers a copy of what was sent', () => {
    const sent = { deep: ['a'] };
    const normalized = checkOf(json())(sent, []) as typeof sent;
    sent.deep.push('b');
    expect(normalized).toEqual({ deep: ['a'] });
  });

  it.each(['{"__proto__": {"polluted": true}}', '{"a": [{"\\u005f_proto__": 1}]}', '{"__pr\\u006fto__": 1}'])(
    'refuses the key __proto__, which a receiver might merge into an object, in both directions: %s',
    (text) => {
      expect(() => type.fromWire(text)).toThrow('the key __proto__ is not allowed');
      expect(() => type.toWire(JSON.parse(text))).toThrow('the key __proto__ is not allowed');
      expect(checkOf(json())(JSON.parse(text), [])).toBeUndefined();
    },
  );

  it.each(['{"a":"__proto__"}', '{"prototype":"\\u00e9"}', '"__proto__"'])('reads %s', (text) => {
    expect(type.fromWire(text)).toEqual(JSON.parse(text));
  });

  it('refuses what is nested deeper than 64 levels in both directions, so that all that is received can be sent', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(type.toWire(type.fromWire(nested(64)) as never)).toBe(nested(64));
    for (const text of [nested(65), ['{"a":'.repeat(65), 1, '}'.repeat(65)].join('')]) {
      expect(() => type.fromWire(text)).toThrow('values are nested deeper than 64 levels');
      expect(() => type.toWire(JSON.parse(text))).toThrow('values are nested deeper than 64 levels');
    }
    expect(type.fromWire(JSON.stringify({ text: nested(100) }))).toEqual({ text: nested(100) });
  });

  it('refuses more than 100,000 values in both directions, without parsing them', () => {
    const parse = vi.spyOn(JSON, 'parse');
    onTestFinished(() => parse.mockRestore());
    const list = (items: number, item = '[]') => `[${Array(items).fill(item).join(', ')}]`;
    for (const text of [
      list(100_000),
      list(100_000, '{ }'),
      list(50_000, '[1]'),
      list(34_000, '{"a":1,"b":2}'),
    ])
      expect(() => type.fromWire(text)).toThrow('there are more than 100000 values');
    expect(parse).not.toHaveBeenCalled();
    expect(() => type.toWire(Array(100_000).fill(1))).toThrow('there are more than 100000 values');
    expect(type.fromWire(list(99_999))).toHaveLength(99_999);
    expect(type.fromWire(`[${JSON.stringify('\\",[{'.repeat(100_000))}]`)).toHaveLength(1);
  });

  it('counts values and levels of any JSON text as they are', () => {
    const size = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Object.values(value).reduce((sum: number, inner) => sum + size(inner), 0)
        : 1;
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), (value, indent) => {
        const one = JSON.stringify(value, undefined, indent);
        const fits = Math.floor(99_998 / size(value));
        const texts = Array<string>(fits).fill(one);
        expect(() => checkJsonText(`[${texts.join()}]`)).not.toThrow();
        expect(() => checkJsonText(`[${[...texts, one, '1', '1'].join()}]`)).toThrow('100000');
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, unknown, string, string]>([
    ['a function', () => 1, '', 'a function'],
    ['a symbol', Symbol('x'), '', 'a symbol'],
    ['a bigint', { a: 1n }, 'a', 'a bigint'],
    ['NaN', { scores: [1, Number.NaN] }, 'scores.1', 'NaN or an infinity: JSON has no form for it'],
    ['an infinity', [Number.NEGATIVE_INFINITY], '0', 'NaN or an infinity: JSON has no form for it'],
    ['a Map', { by_user: new Map([['a', 1]]) }, 'by_user', `a Map: ${convert}`],
    ['a Set', [new Set(['a'])], '0', `a Set: ${convert}`],
    ['bytes', { raw: new Uint8Array(2) }, 'raw', `a Uint8Array: ${convert}`],
    ['a Buffer, which has a toJSON', { raw: Buffer.from('a') }, 'raw', `a Uint8Array: ${convert}`],
    ['a Date, which is null when invalid', { at: new Date(Number.NaN) }, 'at', `a Date: ${convert}`],
    ['an error', { error: new Error('x') }, 'error', `a Error: ${convert}`],
    ['an instance of a class', { user: new (class User {})() }, 'user', `an instance of a class: ${convert}`],
    ['a boxed number', [Object(1)], '0', `a Number: ${convert}`],
    ['a promise', { late: Promise.resolve(1) }, 'late', `a Promise: ${convert}`],
    ['undefined in a list', [undefined], '0', 'undefined: use null'],
    ['a hole in a list', { list: Array(2) }, 'list', 'a list with holes or with named fields'],
    ['a list with a field', Object.assign([1], { total: 1 }), '', 'a list with holes or with named fields'],
    ['a function in a field', { a: { b: () => 1 } }, 'a.b', 'a function'],
    ['a toJSON of its own', { toJSON: () => 'else' }, 'toJSON', 'a function'],
    ['a symbol as key', { [Symbol('x')]: 1 }, '', 'an object with symbols as keys'],
    ['endless nesting', deepList(20_000), '', 'nesting without end'],
  ])('refuses %s with its path, and does not change it without a word', (_, value, path, got) => {
    const issues: Issue[] = [];
    checkOf(record('R', { extra: json() }))({ extra: value }, issues);
    const at = path === '' ? 'extra' : `extra.${path}`;
    expect(issues).toEqual([{ path: at, message: `expected a JSON value, got ${got}` }]);
    expect(() => type.toWire(value as never)).toThrow(got);
  });

  it.each([
    '{"id":9007199254740993}',
    '[-1152921504606846977]',
    '123456789012345678901234567890',
    '[1e400]',
    '{"\\"":-1E+999}',
    `[${'9'.repeat(400)}]`,
  ])('refuses the received text %s, of which a number would be rounded', (text) => {
    expect(() => type.fromWire(text)).toThrow('a number that JavaScript cannot hold exactly');
  });

  it('reads numbers that are kept, and digits in texts', () => {
    for (const value of [
      [Number.MAX_SAFE_INTEGER, -(2 ** 60), 123_456_789_012_345_680_000, Number.MAX_VALUE, 0.1 + 0.2],
      { '9007199254740993': '9007199254740993 \\" 1e400', more: 'x1e999' },
    ])
      expect(type.fromWire(JSON.stringify(value))).toEqual(value);
    expect(type.fromWire('[1180591620717411303424, 3.14159265358979323846264338327950288]')).toEqual([
      2 ** 70,
      Math.PI,
    ]);
  });

  it('refuses null alone', () => {
    const issues: Issue[] = [];
    checkOf(record('R', { extra: json() }))({ extra: null }, issues);
    expect(issues).toEqual([{ path: 'extra', message: 'expected json, got null' }]);
  });

  it('accepts objects of another realm and without a prototype, one object in two places, and undefined fields', () => {
    const shared = { a: 1 };
    const value = {
      foreign: vm.runInNewContext('({ list: [1] })'),
      bare: Object.assign(Object.create(null), { b: -0 }),
      twice: [shared, shared],
      absent: undefined,
    };
    expect(checkOf(json())(value, [])).toEqual({
      foreign: { list: [1] },
      bare: { b: 0 },
      twice: [shared, shared],
    });
  });

  it('refuses what holds itself, without telling what is inside', () => {
    const circular: { secret?: unknown } = {};
    circular.secret = circular;
    const issues: Issue[] = [];
    checkOf(json())(circular, issues);
    expect(issues).toEqual([{ path: '', message: 'expected a JSON value, got nesting without end' }]);
  });

  it('reads null, which a Python service may write, and refuses what is no JSON without showing it', () => {
    expect(type.fromWire('null')).toBeNull();
    expect(() => type.fromWire('hunter2')).toThrow(/^expected JSON text$/);
  });
});
