import { describe, expect, it } from 'vitest';
import { ownAssignment } from './own-assignment.js';

const partitionsOf = () => [{ partition: 0 }, { partition: 1 }];
const own = (assigned: ReadonlyMap<string, readonly number[]> | undefined) =>
  ownAssignment(assigned, ['orders', 'grades'], partitionsOf);

describe('ownAssignment', () => {
  it('keeps what this member subscribed to', () => {
    const assigned = new Map([['orders', [0, 1]]]);
    expect(own(assigned)).toEqual({ assignment: assigned, problem: undefined });
  });

  it('leaves out topics that were not asked for and partitions that do not exist, and names them', () => {
    const { assignment, problem } = own(
      new Map([
        ['orders', [1, 2, 2 ** 31 - 1]],
        ['secret', [0]],
      ]),
    );
    expect(assignment).toEqual(new Map([['orders', [1]]]));
    expect(problem).toMatch(/orders \(2 of 3\), secret \(1 of 1\)$/);
  });

  it('reads nothing where the assignment cannot be decoded, and reports that', () => {
    expect(own(undefined)).toEqual({
      assignment: new Map(),
      problem: expect.stringContaining('cannot be read'),
    });
  });
});
