import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { custom } from '../shapes/custom.js';
import { datetime } from '../shapes/datetime.js';
import { list } from '../shapes/list.js';
import { map } from '../shapes/map.js';
import { optional } from '../shapes/optional.js';
import { boolean, bytes, double, long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import type { AnyShape, Fields, Shape } from '../shapes/shape.js';
import { withDefault } from '../shapes/with-default.js';
import { resolveKeyPath } from './key-path.js';

const raw = custom<Uint8Array, Uint8Array, 'bytes'>({
  name: 'Raw',
  wire: 'bytes',
  normalize: (value) => value,
  toWire: (value) => value,
  fromWire: (value) => value,
});

const fields = {
  user: record('User', {
    id: long(),
    is_active: boolean(),
    score: double(),
    joined: datetime(),
    language: withDefault(string(), 'en'),
    settings: withDefault(record('Settings', { theme: string() }), { theme: 'x' }),
    nickname: optional(string()),
    tags: list(string()),
    by_name: map(string()),
    photo: bytes(),
    digest: raw,
    constructor: string(),
    pii: record('Pii', { username: string() }),
  }),
  topic: string(),
};

/** Every path that names a key, found by walking: the rule of `KeyPath`, told another way. */
function keyPathsOf(level: Fields): string[] {
  return Object.entries(level as Record<string, AnyShape>).flatMap(([name, shape]) => {
    if (shape.kind === 'record') return keyPathsOf(shape.fields).map((path) => `${name}.${path}`);
    const isKey = (one: AnyShape) =>
      ['boolean', 'double', 'long', 'string'].includes(one.kind) ||
      (one.kind === 'custom' && one.type.wire !== 'bytes');
    return isKey(shape) || (shape.kind === 'withDefault' && isKey(shape.of as AnyShape)) ? [name] : [];
  });
}

const problemOf = (path: string) => {
  const key = resolveKeyPath(fields, path);
  return 'problem' in key ? key.problem : undefined;
};

describe('resolveKeyPath', () => {
  it('finds every key and reads it from data', () => {
    const paths = keyPathsOf(fields);
    expect(paths).toEqual([
      ...['user.id', 'user.is_active', 'user.score', 'user.joined', 'user.language', 'user.constructor'],
      ...['user.pii.username', 'topic'],
    ]);
    for (const path of paths) {
      const key = resolveKeyPath(fields, path);
      if ('problem' in key) throw new Error(key.problem);
      const data = path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), 'the key');
      expect(key.valueIn(data as object)).toBe('the key');
      expect(key.field).toBe(path.split('.').at(-1));
    }
  });

  it.each([
    ['user', 'user cannot be a key: a record is no single value that is always there'],
    [
      'user.nickname',
      'user.nickname cannot be a key: an optional field is no single value that is always there',
    ],
    ['user.nickname.x', 'user.nickname.x cannot be a key: an optional field has no fields'],
    ['user.tags', 'user.tags cannot be a key: a list is no single value that is always there'],
    ['user.by_name.x', 'user.by_name.x cannot be a key: a map has no fields'],
    ['user.photo', 'user.photo cannot be a key: bytes is no single value that is always there'],
    ['user.digest', 'user.digest cannot be a key: bytes have no key form that all peers share'],
    ['user.settings.theme', 'user.settings.theme cannot be a key: a withDefault has no fields'],
    ['user.pii.name', 'user.pii.name does not exist: there is no user.pii.name; there is username'],
    ['usr.id', 'usr.id does not exist: there is no usr; there is user, topic'],
  ])('says why %s is no key', (path, problem) => {
    expect(problemOf(path)).toBe(problem);
  });

  it.each([
    '',
    '.',
    'user.',
    '.user',
    'user..id',
    'toString',
    'user.toString',
    '__proto__',
    'user.__proto__.x',
    'constructor',
  ])('finds no key at %j', (path) => {
    expect(problemOf(path)).toMatch(/does not exist/);
  });

  it('never throws, whatever the path', () => {
    const segment = fc.oneof(
      fc.constantFrom(...keyPathsOf(fields).flatMap((path) => path.split('.'))),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(segment).map((segments) => segments.join('.')),
        (path) => {
          expect(problemOf(path) === undefined).toBe(keyPathsOf(fields).includes(path));
        },
      ),
    );
  });

  it('finds exactly the keys of any fields', () => {
    const leaf: fc.Arbitrary<Shape> = fc.constantFrom<Shape>(
      string(),
      long(),
      bytes(),
      optional(string()),
      list(string()),
      raw,
    );
    const anyFields = fc.letrec<{ fields: Fields }>((tie) => ({
      fields: fc.dictionary(
        fc.constantFrom('a', 'b', 'c', 'toString'),
        fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          leaf,
          tie('fields').map((inner) => record('R', inner)),
        ),
        { minKeys: 1, maxKeys: 3 },
      ),
    })).fields;
    fc.assert(
      fc.property(anyFields, (any) => {
        for (const path of keyPathsOf(any)) expect('problem' in resolveKeyPath(any, path)).toBe(false);
      }),
    );
  });
});
