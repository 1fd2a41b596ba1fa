import { MAX_DEPTH, refuse, refuseCount, refuseDepth, type Scan, type ScanState } from './scan-state.js';
import { scanLength, scanVarint } from './scan-varint.js';

/** What a scan of blocks needs to know of the items. */
export interface BlockItems {
  /** The fewest bytes of an item. */
  readonly leastSize: number;
  /** The heap that the empty list or map takes, in bytes. */
  readonly emptyCost: number;
  /** The heap that another block takes, besides what is in its items. */
  readonly blockCost: (count: number, done: number) => number;
  /** Scans the items of one block behind `done` others. */
  readonly scan: (state: ScanState, at: number, count: number, done: number) => number;
}

/** Lists and maps come in blocks of counted items, the last one empty; a negative count has the block's size behind. */
export function scanBlocks({ leastSize, emptyCost, blockCost, scan }: BlockItems): Scan {
  // Items of no size take no bytes, but time: they may be as many as there are bytes.
  const size = Math.max(leastSize, 1);
  return (state, at) => {
    state.cost += emptyCost;
    state.depth += 1;
    if (state.depth > MAX_DEPTH) return refuseDepth(state);
    let next = at;
    let done = 0;
    for (;;) {
      next = scanVarint(state, next);
      if (next < 0) return next;
      let count = state.number;
      if (count === 0) break;
      let stated = -1;
      if (count < 0) {
        count = -count;
        next = scanLength(state, next);
        if (next < 0) return next;
        stated = state.number;
      }
      if (count * size > state.end - next)
        return refuse(state, 'a count is greater than what is left can hold');
      state.values += count;
      state.cost += blockCost(count, done);
      if (state.values > state.maxValues) return refuseCount(state);
      const start = next;
      next = scan(state, next, count, done);
      if (next < 0) return next;
      if (stated >= 0 && next - start !== stated) return refuse(state, 'a block has not the size it states');
      done += count;
    }
    state.depth -= 1;
    return next;
  };
}
