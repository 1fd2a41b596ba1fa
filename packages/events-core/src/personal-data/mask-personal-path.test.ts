import { expect, it } from 'vitest';
import { json } from '../shapes/json.js';
import { list } from '../shapes/list.js';
import { map } from '../shapes/map.js';
import { optional } from '../shapes/optional.js';
import { string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { maskPersonalPath } from './mask-personal-path.js';

const shape = record('R', {
  params: optional(map(string()), { pii: 'other' }),
  parts: list(map(string()), { pii: 'other' }),
  more: record('More', { profile: json({ pii: 'other' }) }),
  roles: map(record('Role', { name: string({ pii: 'name' }) })),
  name: string({ pii: 'name' }),
});

it.each([
  ['params.ada@example.org', 'params.***'],
  ['parts.0.Ada.Lovelace', 'parts.0.***'],
  ['more.profile.ada.0', 'more.profile.***'],
  ['roles.tutor.name', 'roles.tutor.name'],
  ['name', 'name'],
  ['params', 'params'],
  ['unknown.field', 'unknown.field'],
  ['', ''],
])('masks personal keys in the path %j', (path, masked) => {
  expect(maskPersonalPath(shape, path)).toBe(masked);
});
