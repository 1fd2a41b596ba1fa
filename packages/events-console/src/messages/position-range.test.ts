import { describe, expect, it } from 'vitest';
import { isInRange, positionRange } from './position-range.js';

describe('a range of positions', () => {
  it.each([
    ['0:17', ['0:17'], ['0:16', '0:18', '1:17', '1:0']],
    ['0:9..0:17', ['0:9', '0:10', '0:17'], ['0:8', '0:18', '1:12']],
    ['1:9 ..', ['1:9', '1:100'], ['1:8', '2:10', '0:12']],
    ['..1:9', ['1:0', '1:9'], ['1:10', '0:3']],
    ['1718-2..1720-0', ['1718-2', '1718-10', '1719-0', '1720-0'], ['1718-1', '1720-1', '172-5']],
  ])('%s holds %j and not %j', (text, inside, outside) => {
    const range = positionRange(text) ?? expect.fail('it is no range');
    expect([...inside, ...outside].filter((one) => isInRange(one, range))).toEqual(inside);
  });

  it.each(['', '..', 'a', '0:17...0:19', '0:1..0:2..0:3', '0:', '-1'])('is not what %j says', (text) => {
    expect(positionRange(text)).toBeUndefined();
  });
});
