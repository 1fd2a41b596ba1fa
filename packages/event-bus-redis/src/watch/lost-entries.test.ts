import { describe, expect, it } from 'vitest';
import type { GroupPosition } from './group-position.js';
import { lostEntries } from './lost-entries.js';
import { oldPositionOf, positionOf } from './position.test-support.js';

const MAX_LENGTH = 50;

type Look = readonly [position: GroupPosition, nextId: string];

/** What each of several looks finds; where it takes the oldest unread entry, that is given, too. */
function looks(...steps: readonly (GroupPosition | Look)[]) {
  let memory: ReturnType<typeof lostEntries>['memory'] | undefined;
  return steps.map((step) => {
    const [position, nextId] = isLook(step) ? step : [step];
    const finding = lostEntries(memory, position, { nextId, isContinuous: true, maxLength: MAX_LENGTH });
    memory = finding.memory;
    return finding.lost;
  });
}

function isLook(step: GroupPosition | Look): step is Look {
  return Array.isArray(step);
}

const behind = (differences: Partial<GroupPosition> = {}) =>
  positionOf({ lastDeliveredId: '20-0', entriesRead: 20, ...differences });

describe('lostEntries where Redis counts', () => {
  it('finds nothing while every unread entry exists', () => {
    expect(looks(positionOf(), positionOf(), behind())).toEqual([undefined, undefined, undefined]);
  });

  it('counts entries missing between the last read one and the first one left, also at the first look', () => {
    const trimmed = behind({ firstId: '31-0', length: 70 });
    expect(looks(trimmed)).toEqual([{ count: 10 }]);
    expect(looks([behind(), '21-0'], trimmed, trimmed)).toEqual([undefined, { count: 10 }, undefined]);
  });

  it('reports each loss once, and then only further ones', () => {
    const first = behind({ firstId: '31-0', length: 70 });
    const second = behind({ firstId: '41-0', length: 60 });
    expect(looks(first, first, second)).toEqual([{ count: 10 }, undefined, { count: 10 }]);
  });

  it('notices a gap that the group passed between two looks', () => {
    const before = positionOf({ lastDeliveredId: '100-0' });
    const after = positionOf({
      lastGeneratedId: '200-0',
      lastDeliveredId: '200-0',
      firstId: '151-0',
      length: 50,
      entriesAdded: 200,
      entriesRead: 160, // 40 of the 100 new ones were gone
    });
    expect(looks(before, after)).toEqual([undefined, { count: 40 }]);
  });

  it('does not report a gap that the group had passed before the first look', () => {
    expect(looks(positionOf({ entriesRead: 60 }))).toEqual([undefined]);
  });

  it('finds everything lost when the stream is empty and was not read', () => {
    expect(looks(behind({ length: 0, firstId: undefined }))).toEqual([{ count: 80 }]);
  });

  it.each<[string, GroupPosition]>([
    ['an empty stream that was read', positionOf({ length: 0, firstId: undefined, maxDeletedId: '100-0' })],
    [
      'a new stream',
      positionOf({
        length: 0,
        firstId: undefined,
        lastGeneratedId: '0-0',
        lastDeliveredId: '0-0',
        entriesAdded: 0,
        entriesRead: null,
      }),
    ],
    ['a new group at the end', positionOf({ entriesRead: null })],
    [
      'a new group at the start of a stream that was trimmed',
      positionOf({ lastDeliveredId: '0-0', entriesRead: null, firstId: '31-0', length: 70 }),
    ],
    [
      'a new group at a time before the first entry',
      positionOf({
        lastDeliveredId: '7-18446744073709551615',
        entriesRead: null,
        firstId: '31-0',
        length: 70,
      }),
    ],
    [
      'entries that were deleted after they were read',
      positionOf({ firstId: '41-0', length: 60, maxDeletedId: '40-0' }),
    ],
    [
      'the entry with which Python makes a stream',
      positionOf({
        length: 0,
        firstId: undefined,
        lastGeneratedId: '0-1',
        lastDeliveredId: '0-0',
        entriesAdded: 1,
        entriesRead: null,
        maxDeletedId: '0-1',
      }),
    ],
  ])('raises no alarm for %s', (_what, position) => {
    expect(looks(position, position)).toEqual([undefined, undefined]);
  });
});

describe('lostEntries on another connection', () => {
  const question = { nextId: undefined, isContinuous: false, maxLength: MAX_LENGTH };
  const before = { missed: 0, nextId: '21-0' };

  it('does not report what a count that Redis has forgotten suggests', () => {
    const { lost, memory } = lostEntries(
      before,
      positionOf({ entriesRead: 5, firstId: '11-0', length: 90 }),
      question,
    );
    expect(lost).toBeUndefined();
    expect(memory.missed).toBe(95); // the next look is compared with it
  });

  it('reports that the oldest unread entry is gone', () => {
    const now = behind({ firstId: '31-0', length: 70, entriesRead: null });
    expect(lostEntries(before, now, question).lost).toEqual({ count: null });
  });
});

describe('lostEntries where Redis does not count', () => {
  const behind = (differences: Partial<GroupPosition> = {}) =>
    oldPositionOf({ lastDeliveredId: '20-0', ...differences });

  it('notices that the oldest unread entry is missing', () => {
    const before: Look = [behind(), '21-0'];
    const after: Look = [behind({ firstId: '31-0', length: 70 }), '31-0'];
    expect(looks(before, after, after)).toEqual([undefined, { count: null }, undefined]);
  });

  it('reports a loss at the first look when a full stream holds unread entries only', () => {
    expect(looks(behind({ firstId: '51-0', length: 50 }))).toEqual([{ count: null }]);
  });

  it.each<[string, GroupPosition]>([
    ['a stream that is not full', behind({ firstId: '61-0', length: 40 })],
    ['a new group at the start', behind({ lastDeliveredId: '0-0', firstId: '31-0', length: 70 })],
    ['a group that is up to date', oldPositionOf({ firstId: '51-0', length: 50 })],
    ['an empty stream that was read', oldPositionOf({ firstId: undefined, length: 0 })],
  ])('raises no alarm for %s', (_what, position) => {
    expect(looks(position, position)).toEqual([undefined, undefined]);
  });

  it('reports nothing when the oldest unread entry was read and then deleted', () => {
    const before: Look = [behind(), '21-0'];
    expect(looks(before, oldPositionOf({ firstId: '90-0', length: 11 }))).toEqual([undefined, undefined]);
  });
});
