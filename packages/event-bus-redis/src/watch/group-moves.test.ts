import { describe, expect, it } from 'vitest';
import { groupMove, type MoveMemory } from './group-moves.js';
import { oldPositionOf, positionOf } from './position.test-support.js';

const position0 = { foreignId: '0-0', isContinuous: true };

const memoryOf = (differences: Partial<MoveMemory> = {}): MoveMemory => {
  const position = positionOf({ lastDeliveredId: '20-0', entriesRead: 20 });
  return {
    position,
    newestOwnId: '20-0',
    isAlone: true,
    ownReads: 0,
    missed: 0,
    ...position0,
    ...differences,
  };
};
const oldMemoryOf = (differences: Partial<MoveMemory> = {}): MoveMemory =>
  memoryOf({ position: oldPositionOf({ lastDeliveredId: '20-0' }), ...differences });

describe('groupMove', () => {
  it.each([memoryOf(), oldMemoryOf(), memoryOf({ isAlone: false })])(
    'finds nothing where nothing moved',
    (memory) => {
      expect(groupMove(memory, memory.position)).toBeUndefined();
    },
  );

  it('finds a group that was moved back, whatever members it has', () => {
    for (const memory of [memoryOf({ isAlone: false }), oldMemoryOf({ isAlone: false })]) {
      const now = { ...memory.position, lastDeliveredId: '5-0', entriesRead: null };
      expect(groupMove(memory, now)).toEqual({ from: '20-0', to: '5-0', skipped: 0 });
    }
  });

  it('compares with what was delivered to this member since the last look', () => {
    const now = positionOf({ lastDeliveredId: '25-0', entriesRead: null });
    expect(groupMove(memoryOf({ newestOwnId: '30-0' }), now)).toEqual({
      from: '30-0',
      to: '25-0',
      skipped: 0,
    });
  });

  it('finds a group that was moved to the end, and counts skipped entries when this member is alone', () => {
    const now = positionOf({ lastDeliveredId: '100-0', entriesRead: null });
    expect(groupMove(memoryOf(), now)).toEqual({ from: '20-0', to: '100-0', skipped: 80 });
    expect(groupMove(memoryOf({ newestOwnId: '30-0', ownReads: 10 }), now)?.skipped).toBe(70);
    expect(groupMove(memoryOf({ isAlone: false }), now)?.skipped).toBeNull();
    const inside = positionOf({ lastDeliveredId: '60-0', entriesRead: null });
    expect(groupMove(memoryOf(), inside)).toEqual({ from: '20-0', to: '60-0', skipped: null });
  });

  it('does not report reads of other members as a move', () => {
    const now = positionOf({ lastDeliveredId: '90-0', entriesRead: 90, consumers: 2 });
    expect(groupMove(memoryOf({ isAlone: false }), now)).toBeUndefined();
    expect(groupMove(memoryOf(), now)).toBeUndefined();
    const old = oldPositionOf({ lastDeliveredId: '90-0', consumers: 2 });
    expect(groupMove(oldMemoryOf({ isAlone: false }), old)).toBeUndefined();
  });

  it('does not report an unknown entriesRead as a move when deleted entries explain it', () => {
    const now = positionOf({ lastDeliveredId: '60-0', entriesRead: null, maxDeletedId: '70-0' });
    expect(groupMove(memoryOf(), now)).toBeUndefined();
  });

  it('finds a move where Redis does not count, once the only member cannot have read up to there', () => {
    const jumped = oldPositionOf({ lastDeliveredId: '60-0' });
    expect(groupMove(oldMemoryOf(), jumped)).toBeUndefined(); // an answer may be on its way
    expect(groupMove(oldMemoryOf({ position: jumped }), jumped)).toEqual({
      from: '20-0',
      to: '60-0',
      skipped: null,
    });
    expect(groupMove(oldMemoryOf({ position: jumped, newestOwnId: '60-0' }), jumped)).toBeUndefined();
  });

  it('does not report an unknown entriesRead as a move when Redis may have restarted', () => {
    const now = positionOf({ lastDeliveredId: '25-0', entriesRead: null });
    expect(groupMove(memoryOf({ isContinuous: false, newestOwnId: '25-0' }), now)).toBeUndefined();
  });

  it('does not report entries that another member has read before it left', () => {
    const position = oldPositionOf({ lastDeliveredId: '60-0' });
    expect(groupMove(oldMemoryOf({ position, foreignId: '60-0' }), position)).toBeUndefined();
  });
});
