import { scanBlocks } from './scan-blocks.js';
import { REFUSED, type Scan } from './scan-state.js';

/** Compiles the scan of a list. */
export function scanArray(item: Scan, leastSize: number): Scan {
  return scanBlocks({
    leastSize,
    emptyCost: 32,
    // The engine allocates the first block exactly and grows the array by half for each further block.
    blockCost: (count, done) => 16 + (done === 0 ? 8 : 16) * count,
    scan(state, at, count, done) {
      let next = at;
      for (let index = 0; index < count; index += 1) {
        next = item(state, next);
        if (next < 0) {
          state.path.push(String(done + index));
          return REFUSED;
        }
      }
      return next;
    },
  });
}
