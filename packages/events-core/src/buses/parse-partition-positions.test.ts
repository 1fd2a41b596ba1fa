import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { parsePartitionPositions } from './parse-partition-positions.js';

describe('parsePartitionPositions', () => {
  it.each([
    ['0:17', [[0, 17]]],
    [
      '0:17, 1:4',
      [
        [0, 17],
        [1, 4],
      ],
    ],
  ])('returns the offset of each partition in %s', (text, expected) => {
    expect([...parsePartitionPositions(text, 'consumer')]).toStrictEqual(expected);
  });

  it.each(['', '0', '17-0', '0:1,', 'a:b', '-1:4', '0:99999999999999999'])('refuses %j', (text) => {
    const parse = () => parsePartitionPositions(text, 'consumer of group g');
    expect(parse).toThrow(InvalidOptionsError);
    expect(parse).toThrow(/consumer of group g.*startFrom/s);
  });
});
