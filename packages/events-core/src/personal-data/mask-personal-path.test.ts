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
  members: map(record('Member', { nicknames: map(string(), { pii: 'name' }), since: string() })),
  name: string({ pii: 'name' }),
});

it.each([
  ['params.ada@example.org', 'params.***'],
  ['parts.0.Ada.Lovelace', 'parts.0.***'],
  ['more.profile.ada.0', 'more.profile.***'],
  ['roles.tutor.name', 'roles.tutor.name'],
  ['members.ada.lovelace.nicknames.countess', 'members.***'],
  ['members.ada.since.nicknames.countess', 'members.***'],
  ['members.4711.nicknames.countess', 'members.4711.nicknames.***'],
  ['members.4711.since', 'members.4711.since'],
  ['constructor.name', 'constructor.name'],
  ['roles.tutor.toString.x', 'roles.tutor.toString.x'],
  ['name', 'name'],
  ['params', 'params'],
  ['unknown.field', 'unknown.field'],
  ['', ''],
])('masks personal keys in the path %j', (path, masked) => {
  expect(maskPersonalPath(shape, path)).toBe(masked);
});
