import { describe, expect, it } from 'vitest';
import { list } from '../shapes/list.js';
import { map } from '../shapes/map.js';
import { optional } from '../shapes/optional.js';
import { long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { withDefault } from '../shapes/with-default.js';
import { maskPersonalData } from './mask-personal-data.js';

const person = record('Person', { name: string({ pii: 'name' }), age: long() });
const shape = record('Data', {
  id: long(),
  person,
  people: list(person),
  byRole: map(person),
  nickname: optional(string({ pii: 'username' })),
  none: optional(string({ pii: 'other' })),
  channel: withDefault(string(), 'web'),
  address: withDefault(string(), '', { pii: 'location' }),
  whole: optional(record('Whole', { town: string() }), { pii: 'location' }),
});

describe('maskPersonalData', () => {
  it('hides what is declared, wherever it is, and leaves the rest', () => {
    const data = {
      id: 1,
      person: { name: 'Ada', age: 36 },
      people: [{ name: 'Bob', age: 1 }],
      byRole: { tutor: { name: 'Cy', age: 2 } },
      nickname: 'ada',
      none: null,
      channel: 'web',
      address: 'here',
      whole: { town: 'London' },
      unknown: 'Ada',
    };
    expect(maskPersonalData(shape, data)).toEqual({
      id: 1,
      person: { name: '***', age: 36 },
      people: [{ name: '***', age: 1 }],
      byRole: { tutor: { name: '***', age: 2 } },
      nickname: '***',
      none: null,
      channel: 'web',
      address: '***',
      whole: '***',
      unknown: '***',
    });
    expect(data.person.name).toBe('Ada');
  });
});
