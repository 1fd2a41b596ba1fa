import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../errors/events-error.js';
import { type CheckOptions, checkOf } from './check.js';
import { custom } from './custom.js';
import { list } from './list.js';
import { map } from './map.js';
import { optional } from './optional.js';
import { boolean, bytes, double, long, string } from './primitives.js';
import { record } from './record.js';
import type { Shape, ValueShape } from './shape.js';
import { withDefault } from './with-default.js';

/** The normalised value, or the issues as `path: message`. */
function outcome(shape: Shape, value: unknown, options?: CheckOptions): unknown {
  const issues: Issue[] = [];
  const normalized = checkOf(shape, options)(value, issues);
  return issues.length === 0
    ? { value: normalized }
    : issues.map(({ path, message }) => `${path}: ${message}`);
}

const asItIs = {
  normalize: (value: Uint8Array) => value,
  toWire: (value: Uint8Array) => value,
  fromWire: (value: Uint8Array) => value,
};

const shout = custom<string, string, 'string'>({
  name: 'Shout',
  wire: 'string',
  normalize: (value) => {
    if (value === 'secret') throw new Error('expected no secret');
    return value.toUpperCase();
  },
  toWire: (value) => value,
  fromWire: (value) => value,
});

describe('checkOf a primitive', () => {
  it.each([
    ['text', string(), 'a'],
    ['empty text', string(), ''],
    ['a lone surrogate', string(), '\ud800'],
    ['true', boolean(), true],
    ['false', boolean(), false],
    ['zero', long(), 0],
    ['the largest safe integer', long(), Number.MAX_SAFE_INTEGER],
    ['the smallest safe integer', long(), Number.MIN_SAFE_INTEGER],
    ['a fraction', double(), 0.5],
    ['a double of zero', double(), 0],
    ['NaN', double(), Number.NaN],
    ['an infinity', double(), Number.NEGATIVE_INFINITY],
    ['negative zero as a double', double(), -0],
    ['bytes', bytes(), Uint8Array.of(1, 2)],
    ['no bytes', bytes(), new Uint8Array()],
  ])('takes %s as it is', (_, shape, value) => {
    expect(outcome(shape, value)).toEqual({ value });
  });

  it('accepts negative zero for the integer 0, which has no other form on the wire', () => {
    const normalized = checkOf(long())(-0, []);
    expect(Object.is(normalized, 0)).toBe(true);
  });

  it('turns a Buffer into the bytes it holds, without what lies around them', () => {
    const inner = Buffer.from('xabcx').subarray(1, 4);
    const normalized = checkOf(bytes())(inner, []) as Uint8Array;
    expect(normalized.constructor).toBe(Uint8Array);
    expect(normalized).toEqual(Uint8Array.from([97, 98, 99]));
  });

  it.each<[string, Shape]>([
    ['bytes', bytes()],
    ['bytes of a custom type', custom({ name: 'raw', wire: 'bytes', ...asItIs })],
    ['optional bytes', optional(bytes())],
  ])('keeps %s when the caller changes its buffer after the send', (_, shape) => {
    for (const given of [new Uint8Array([1, 2]), Buffer.from([0, 1, 2, 3]).subarray(1, 3)]) {
      const normalized = checkOf(record('R', { raw: list(shape as never) }))({ raw: [given] }, []);
      given.fill(9);
      expect(normalized).toEqual({ raw: [Uint8Array.of(1, 2)] });
    }
  });

  it('does not let receivers change the default of bytes', () => {
    const check = checkOf(record('R', { raw: withDefault(bytes(), Uint8Array.of(1)) }));
    (check({}, []) as { raw: Uint8Array }).raw.fill(9);
    expect(check({}, [])).toEqual({ raw: Uint8Array.of(1) });
    const nested = record('N', { raws: list(bytes()), by_name: map(bytes()), title: string() });
    const raw = Uint8Array.of(1);
    const one = { raws: [raw], by_name: { a: raw }, title: 'x' };
    const checkNested = checkOf(record('R', { n: withDefault(nested, one) }));
    type Given = {
      readonly n: { readonly raws: Uint8Array[]; readonly by_name: { readonly a: Uint8Array } };
    };
    const { n } = checkNested({}, []) as Given;
    n.raws[0]?.fill(9);
    n.by_name.a.fill(9);
    expect(checkNested({}, [])).toEqual({ n: one });
  });

  it.each([
    [string(), 5, 'expected text, got a number'],
    [string(), null, 'expected text, got null'],
    [string(), undefined, 'expected text, but it is missing'],
    [string(), new String('x'), 'expected text, got an object'],
    [boolean(), 1, 'expected a boolean, got a number'],
    [boolean(), 'true', 'expected a boolean, got text'],
    [long(), 1.5, 'expected an integer, got a fraction'],
    [long(), Number.NaN, 'expected an integer, got NaN or an infinity'],
    [long(), Number.POSITIVE_INFINITY, 'expected an integer, got NaN or an infinity'],
    [long(), '1', 'expected an integer, got text'],
    [long(), true, 'expected an integer, got a boolean'],
    [double(), '1', 'expected a number, got text'],
    [double(), 1n, 'expected a number, got a bigint'],
    [bytes(), 'abc', 'expected bytes (a Uint8Array), got text'],
    [bytes(), [1, 2], 'expected bytes (a Uint8Array), got a list'],
    [bytes(), new ArrayBuffer(2), 'expected bytes (a Uint8Array), got an object'],
    [string(), new Date(0), 'expected text, got a Date'],
    [string(), Symbol('x'), 'expected text, got a symbol'],
    [string(), () => 'x', 'expected text, got a function'],
  ])('refuses what does not fit: $2', (shape, value, message) => {
    expect(outcome(shape, value)).toEqual([`: ${message}`]);
  });

  it.each([2 ** 53, -(2 ** 53), 1e300, 5n])(
    'refuses the integer %s, which a number cannot be trusted with',
    (value) => {
      expect(outcome(long(), value)).toEqual([
        ': expected an integer within ±(2^53 - 1): a number cannot hold this one exactly',
      ]);
    },
  );
});

describe('checkOf with unsafeIntegers: bigint', () => {
  const take = (value: unknown) => outcome(long(), value, { unsafeIntegers: 'bigint' });

  it('keeps what needs 64 bits, and makes numbers of the rest', () => {
    expect(take(9_007_199_254_740_993n)).toEqual({ value: 9_007_199_254_740_993n });
    expect(take(-(2n ** 63n))).toEqual({ value: -(2n ** 63n) });
    expect(take(2n ** 63n - 1n)).toEqual({ value: 2n ** 63n - 1n });
    expect(take(5n)).toEqual({ value: 5 });
    expect(take(5)).toEqual({ value: 5 });
  });

  it('refuses more than 64 bits, and numbers that lost digits', () => {
    expect(take(2n ** 63n)).toEqual([': expected an integer of 64 bits']);
    expect(take(-(2n ** 63n) - 1n)).toEqual([': expected an integer of 64 bits']);
    expect(take(2 ** 53)).toHaveLength(1);
  });

  it('reaches the integers inside records, lists and maps, and is no setting of the shape', () => {
    const shape = record('R', { ids: list(long()), by_name: map(long()), maybe: optional(long()) });
    const big = 2n ** 60n;
    const value = { ids: [big], by_name: { a: big }, maybe: big };
    expect(outcome(shape, value, { unsafeIntegers: 'bigint' })).toEqual({ value });
    expect(outcome(shape, value)).toHaveLength(3);
  });
});

describe('checkOf a list', () => {
  it('accepts a list of any length and gives back another', () => {
    const given = ['a', ''];
    const normalized = checkOf(list(string()))(given, []);
    expect(normalized).toEqual(given);
    expect(normalized).not.toBe(given);
    expect(outcome(list(string()), [])).toEqual({ value: [] });
  });

  it('names every item that does not fit', () => {
    expect(outcome(list(list(long())), [[1, 'x'], 5, [null]])).toEqual([
      '0.1: expected an integer, got text',
      '1: expected a list, got a number',
      '2.0: expected an integer, got null',
    ]);
  });

  it('refuses the holes of a sparse list', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is the subject
    expect(outcome(list(string()), ['a', , 'b'])).toEqual(['1: expected text, but it is missing']);
  });

  it.each([
    ['text', 'ab'],
    ['a set', new Set(['a'])],
    ['bytes', Uint8Array.of(1)],
    ['an array-like', { length: 1, 0: 'a' }],
  ])('refuses %s', (_, value) => {
    expect(outcome(list(string()), value)).toEqual([expect.stringMatching(/^: expected a list, got /)]);
  });

  it('accepts a hundred thousand items', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => index);
    expect(checkOf(list(long()))(many, [])).toEqual(many);
  });
});

describe('checkOf a map', () => {
  it('accepts plain objects with any keys', () => {
    const value = { '': 1, 'a.b': 2, constructor: 3, toString: 4, hasOwnProperty: 5, 7: 6 };
    expect(outcome(map(long()), value)).toEqual({ value });
    expect(outcome(map(long()), Object.assign(Object.create(null), { a: 1 }))).toEqual({ value: { a: 1 } });
  });

  it('refuses the key __proto__ and leaves every prototype alone', () => {
    const hostile = JSON.parse('{"a": 1, "__proto__": 5}') as unknown;
    const issues: Issue[] = [];
    const normalized = checkOf(map(long()))(hostile, issues) as object;
    expect(issues).toEqual([{ path: '__proto__', message: 'the key __proto__ is not allowed' }]);
    expect(Object.getPrototypeOf(normalized)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('names every value that does not fit', () => {
    expect(outcome(map(map(string())), { a: { b: 1 }, c: null })).toEqual([
      'a.b: expected text, got a number',
      'c: expected a map (a plain object), got null',
    ]);
  });

  it.each([
    ['a Map, whose entries would be lost', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a list', [1]],
    ['bytes', Uint8Array.of(1)],
    ['text', 'a'],
  ])('refuses %s', (_, value) => {
    expect(outcome(map(long()), value)).toEqual([
      expect.stringMatching(/^: expected a map \(a plain object\), got /),
    ]);
  });
});

describe('checkOf a record', () => {
  const user = record('UserData', {
    id: long(),
    is_active: boolean(),
    nickname: optional(string()),
    language: withDefault(string(), 'en'),
    tags: optional(list(string())),
  });

  it('fills in null and defaults, in the order of the shape', () => {
    const issues: Issue[] = [];
    const normalized = checkOf(user)({ is_active: true, id: 1 }, issues) as object;
    expect(issues).toEqual([]);
    expect(Object.entries(normalized)).toEqual([
      ['id', 1],
      ['is_active', true],
      ['nickname', null],
      ['language', 'en'],
      ['tags', null],
    ]);
  });

  it('keeps false, 0, the empty text and the empty list: they are values', () => {
    const value = { id: 0, is_active: false, nickname: '', language: '', tags: [] };
    expect(outcome(user, value)).toEqual({ value });
  });

  it('treats null and undefined as an absent optional field, and only undefined for an absent default', () => {
    const given = { id: 1, is_active: true };
    const absent = { value: { ...given, nickname: null, language: 'en', tags: null } };
    expect(outcome(user, { ...given, nickname: null, tags: null })).toEqual(absent);
    expect(outcome(user, { ...given, nickname: undefined, language: undefined, tags: undefined })).toEqual(
      absent,
    );
    expect(outcome(user, { ...given, language: null })).toEqual(['language: expected text, got null']);
  });

  it('names every field that is missing, wrong or unknown, with the nearest known name', () => {
    expect(outcome(user, { is_active: 'yes', nickname: 5, nick_name: 'x', zzzzzzzzzz: 1 })).toEqual([
      'id: expected an integer, but it is missing',
      'is_active: expected a boolean, got text',
      'nickname: expected text, got a number',
      'nick_name: UserData has no such field: did you mean nickname?',
      'zzzzzzzzzz: UserData has no such field',
    ]);
  });

  it('gives the whole path of what is wrong below', () => {
    const shape = record('Outer', { users: list(record('Inner', { by_name: map(user) })) });
    expect(outcome(shape, { users: [{ by_name: { ann: { id: 'x', is_active: true } } }] })).toEqual([
      'users.0.by_name.ann.id: expected an integer, got text',
    ]);
  });

  it.each([
    ['null', null, 'got null'],
    ['a list', [], 'got a list'],
    ['text', 'x', 'got text'],
    ['nothing', undefined, 'but it is missing'],
  ])('refuses %s', (_, value, got) => {
    expect(outcome(user, value)).toEqual([`: expected UserData, ${got}`]);
  });

  it.each([
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a promise that was not awaited', Promise.resolve()],
    ['bytes', new Uint8Array()],
  ])('refuses %s even where every field is optional', (_, value) => {
    const shape = record('Loose', { a: optional(string()) });
    expect(outcome(shape, value)).toEqual([expect.stringMatching(/^: expected Loose, got /)]);
    expect(outcome(shape, {})).toEqual({ value: { a: null } });
    expect(outcome(shape, Object.create(null))).toEqual({ value: { a: null } });
  });

  it('accepts class instances, and fields that are getters', () => {
    class User {
      id = 1;
      get is_active() {
        return true;
      }
    }
    expect(outcome(user, new User())).toEqual({
      value: { id: 1, is_active: true, nickname: null, language: 'en', tags: null },
    });
  });

  it('does not treat what every object inherits as fields of the same name', () => {
    const shape = record('Odd', {
      constructor: string(),
      toString: optional(string()),
      hasOwnProperty: withDefault(string(), 'x'),
    });
    expect(outcome(shape, {})).toEqual(['constructor: expected text, but it is missing']);
    expect(outcome(shape, { constructor: 'a' })).toEqual({
      value: { constructor: 'a', toString: null, hasOwnProperty: 'x' },
    });
    expect(outcome(shape, { constructor: 'a', toString: 'b', hasOwnProperty: '' })).toEqual({
      value: { constructor: 'a', toString: 'b', hasOwnProperty: '' },
    });
  });

  it('refuses __proto__ as JSON brings it, and leaves every prototype alone', () => {
    const hostile = JSON.parse('{"id": 1, "is_active": true, "__proto__": {"nickname": "x"}}') as unknown;
    expect(outcome(user, hostile)).toEqual(['__proto__: UserData has no such field']);
  });

  it('never changes what it was given', () => {
    const given = Object.freeze({ id: 1, is_active: true, tags: Object.freeze(['a']) });
    expect(outcome(user, given)).toEqual({
      value: { id: 1, is_active: true, nickname: null, language: 'en', tags: ['a'] },
    });
  });
});

describe('checkOf a custom type', () => {
  it('normalises, and reports why it refuses', () => {
    expect(outcome(shout, 'abc')).toEqual({ value: 'ABC' });
    expect(outcome(list(shout), ['a', 'secret'])).toEqual(['1: expected no secret']);
  });

  it('never hands null to the type', () => {
    expect(outcome(shout, null)).toEqual([': expected Shout, got null']);
    expect(outcome(shout, undefined)).toEqual([': expected Shout, but it is missing']);
  });

  it('survives a type that throws what is no Error', () => {
    const shape = custom<string, string, 'string'>({
      name: 'Odd',
      wire: 'string',
      normalize: () => {
        throw 'x';
      },
      toWire: String,
      fromWire: String,
    });
    expect(outcome(shape, 'a')).toEqual([': expected Odd']);
  });
});

describe('checkOf any shape', () => {
  const shapes: fc.Arbitrary<Shape> = fc.letrec<{ value: ValueShape; field: Shape }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(string(), boolean(), long(), double(), bytes()),
      tie('value').map((of) => list(of)),
      tie('value').map((of) => map(of)),
      fc
        .dictionary(fc.constantFrom('a', 'b', 'constructor', 'toString'), tie('field'), { minKeys: 1 })
        .map((fields) => record('R', fields)),
    ),
    field: fc.oneof(
      tie('value'),
      tie('value').map((of) => optional(of)),
    ),
  })).value;

  it('accepts its own result again and changes nothing more', () => {
    fc.assert(
      fc.property(shapes, fc.anything({ withNullPrototype: true }), (shape, value) => {
        const issues: Issue[] = [];
        const once = checkOf(shape)(value, issues);
        fc.pre(issues.length === 0);
        expect(outcome(shape, once)).toEqual({ value: once });
      }),
    );
  });

  it('never throws, and never puts a value into a message', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const said = JSON.stringify(outcome(shape, { a: 'hunter2', b: ['hunter2'], toString: 'hunter2' }));
        expect(said.replace(/"value":.*/, '')).not.toContain('hunter2');
      }),
    );
    fc.assert(
      fc.property(shapes, fc.anything(), (shape, value) => {
        outcome(shape, value);
      }),
    );
  });

  it('is compiled once a shape', () => {
    const shape = string();
    expect(checkOf(shape)).toBe(checkOf(shape));
  });
});
