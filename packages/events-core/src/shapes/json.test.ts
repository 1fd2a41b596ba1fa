import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../errors/events-error.js';
import { checkOf } from './check.js';
import { json } from './json.js';
import { record } from './record.js';

const { type } = json();

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

  it.each([
    ['a function', () => 1, 'expected a JSON value'],
    ['a symbol', Symbol('x'), 'expected a JSON value'],
    ['null alone', null, 'expected json, got null'],
    ['a bigint', { a: 1n }, 'expected a value that JSON can hold'],
  ])('refuses %s', (_, value, message) => {
    const issues: Issue[] = [];
    checkOf(record('R', { extra: json() }))({ extra: value }, issues);
    expect(issues).toEqual([{ path: 'extra', message }]);
  });

  it('refuses what holds itself, without telling what is inside', () => {
    const circular: { secret?: unknown } = {};
    circular.secret = circular;
    const issues: Issue[] = [];
    checkOf(json())(circular, issues);
    expect(issues).toEqual([{ path: '', message: 'expected a value that JSON can hold' }]);
  });

  it('reads null, which a Python service may write, and refuses what is no JSON without showing it', () => {
    expect(type.fromWire('null')).toBeNull();
    expect(() => type.fromWire('hunter2')).toThrow(/^expected JSON text$/);
  });
});
