import { MAX_DEPTH, refuse, refuseCount, refuseDepth, type Scan, type ScanState } from './scan-state.js';
import { scanLength, scanVarint } from './scan-varint.js';

/** The items of a list or map, for `scanBlocks`. */
export interface BlockItems {
  /** The minimum size of an item, in bytes. */
  readonly leastSize: number;
  /** The heap size of an empty list or map, in bytes. */
  readonly emptyCost: number;
  /** The heap size of a further block of `count` items, in bytes, without the contents of its items. */
  readonly blockCost: (count: number, done: number) => number;
  /** Scans the items of a block; `done` is the number of items in the blocks before it. */
  readonly scan: (state: ScanState, at: number, count: number, done: number) => number;
}

/**
 * Compiles the scan of a list or map: blocks of items, each with its count before it, the last one empty. A negative
 * count is followed by the size of the block in bytes.
 */
export function scanBlocks({ leastSize, emptyCost, blockCost, scan }: BlockItems): Scan {
  // Items without bytes still take time, so their number is limited to that of the bytes.
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
        return refuse(state, 'a count is greater than the remaining bytes allow');
      state.values += count;
      state.cost += blockCost(count, done);
      if (state.values > state.maxValues) return refuseCount(state);
      const start = next;
      next = scan(state, next, count, done);
      if (next < 0) return next;
      if (stated >= 0 && next - start !== stated)
        return refuse(state, 'a block does not have the size that it states');
      done += count;
    }
    state.depth -= 1;
    return next;
  };
}
