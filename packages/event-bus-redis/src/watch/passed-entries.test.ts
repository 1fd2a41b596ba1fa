import { expect, it } from 'vitest';
import { passedEntries } from './passed-entries.js';
import { positionOf } from './position.test-support.js';

const before = { position: positionOf({ lastDeliveredId: '20-0', entriesRead: 20 }), delivered: 20 };
const at = (entriesRead: number, firstId: number, more = {}) =>
  positionOf({
    lastDeliveredId: `${entriesRead}-0`,
    entriesRead,
    length: 101 - firstId,
    firstId: `${firstId}-0`,
    ...more,
  });

it('counts what Redis counts as read although nobody got it', () => {
  expect(passedEntries(before, { position: at(60, 51), delivered: 30 })).toBe(30);
});

it('is 0 where Redis counts deliveries, or where every entry was delivered', () => {
  expect(passedEntries(before, { position: at(30, 51), delivered: 30 })).toBe(0);
});

it('does not count entries that exist, or existed when they were read by another member', () => {
  expect(passedEntries(before, { position: at(60, 1), delivered: 30 })).toBe(0);
  expect(passedEntries(before, { position: at(60, 31), delivered: 30 })).toBe(10);
});

it('is 0 where Redis only estimates, because entries were deleted', () => {
  expect(passedEntries(before, { position: at(60, 51, { maxDeletedId: '40-0' }), delivered: 30 })).toBe(0);
});
