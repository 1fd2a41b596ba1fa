import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { list } from '../shapes/list.js';
import { map } from '../shapes/map.js';
import { optional } from '../shapes/optional.js';
import { long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { uuid } from '../shapes/uuid.js';
import { FieldCondition } from './field-condition.js';

const user = record('User', { id: long(), name: optional(string()), emails: list(string()) });
const shape = record('Data', { user, others: list(user), byRole: map(user), token: uuid() });
const ada = { id: 7, name: 'Ada', emails: ['ada@example.org', 'x@example.org'] };
const data = {
  ...{ user: ada, others: [{ ...ada, id: 8 }], byRole: { tutor: { ...ada, id: 9, name: null } } },
  token: '0190b2f0-0000-7000-8000-000000000000',
};

describe('FieldCondition', () => {
  it.each([
    ['user.id', '7', true],
    ['user.id', '8', false],
    ['user.name', 'Ada', true],
    ['user.name', 'ada', false],
    ['user.name', 'Ad', false],
    ['user.emails', 'x@example.org', true],
    ['others.id', '8', true],
    ['byRole.id', '9', true],
    ['byRole.name', 'null', false],
    ['token', data.token, true],
    ['user', '[object Object]', false],
    ['user.id.x', '7', false],
    ['nobody.id', '7', false],
  ])('%s=%s matches: %s', (path, value, matches) => {
    expect(new FieldCondition(path, value).matches(shape, data)).toBe(matches);
  });

  it.each([
    ['user.name', true],
    ['others.emails', true],
    ['byRole.id', true],
    ['user', false],
    ['user.nam', false],
    ['user.id.x', false],
    ['toString', false],
  ])('is in the shape at %s: %s', (path, isThere) => {
    expect(new FieldCondition(path, '').isIn(shape)).toBe(isThere);
  });

  it('refuses an empty path, and shows its value nowhere', () => {
    expect(() => new FieldCondition('user..name', 'Ada')).toThrow(InvalidOptionsError);
    expect(inspect(new FieldCondition('user.name', 'Ada'), { showHidden: true })).not.toContain('Ada');
  });
});
