import { describe, expect, it } from 'vitest';
import { restoreMasked } from './restore-masked.js';

const original = [
  { id: 1, name: 'Ada' },
  { id: 2, name: 'Grace' },
  { id: 3, name: 'Alan' },
];
const masked = original.map(({ id }) => ({ id, name: '***' }));
const [one, two, three] = masked as [(typeof masked)[0], (typeof masked)[0], (typeof masked)[0]];

describe('restoreMasked', () => {
  it.each([
    ['removed', [two, three], [original[1], original[2]]],
    ['moved', [three, one, two], [original[2], original[0], original[1]]],
    [
      'edited in its place',
      [one, { id: 20, name: '***' }, three],
      [original[0], { id: 20, name: 'Grace' }, original[2]],
    ],
    ['added', [...masked, { id: 4, name: 'Edsger' }], [...original, { id: 4, name: 'Edsger' }]],
  ])('gives no item of a list the value of another where one was %s', (_change, edited, expected) => {
    expect(restoreMasked({ users: edited }, { users: masked }, { users: original })).toEqual({
      users: expected,
    });
  });

  it.each([
    ['was added without its value', [...masked, { id: 4, name: '***' }]],
    ['was put in place of another', [two, three, { id: 4, name: '***' }]],
  ])('refuses a masked value where nobody knows whose it is: an item %s', (_change, edited) => {
    expect(() => restoreMasked({ users: edited }, { users: masked }, { users: original })).toThrow(
      'masked values',
    );
  });

  it('keeps masked texts of a list while their number is the same, and refuses another number', () => {
    expect(restoreMasked(['***', 'new'], ['***', '***'], ['Ada', 'Grace'])).toEqual(['Ada', 'new']);
    expect(() => restoreMasked(['***'], ['***', '***'], ['Ada', 'Grace'])).toThrow('masked values');
  });
});
