import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../errors/events-error.js';
import { checkOf } from './check.js';
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
        fc.pre(value !== null);
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

  it('keeps __proto__ a key like any other', () => {
    const normalized = type.fromWire('{"__proto__": {"polluted": true}}') as object;
    expect(Object.keys(normalized)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(normalized)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
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
