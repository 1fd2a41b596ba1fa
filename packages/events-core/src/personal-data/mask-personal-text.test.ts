import { expect, it } from 'vitest';
import { json } from '../shapes/json.js';
import { list } from '../shapes/list.js';
import { long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { maskPersonalText } from './mask-personal-text.js';

const shape = record('R', {
  id: long({ pii: 'id' }),
  name: string({ pii: 'name' }),
  more: json({ pii: 'other' }),
  tags: list(string()),
});
const data = { id: 7, name: 'Lovelace', more: { city: 'London' }, tags: ['demo'] };

it.each([
  ['7', '***'],
  ['17', '17'],
  ['course demo of lovelace, LONDON', 'course demo of ***, ***'],
  ['{"city":"London"}', '***'],
  ['demo', 'demo'],
])('masks the personal values in %s', (text, masked) => {
  expect(maskPersonalText(shape, data, text)).toBe(masked);
});
