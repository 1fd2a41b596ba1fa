import { scanBlocks } from './scan-blocks.js';
import { REFUSED, type Scan } from './scan-state.js';

/** Scans a list. */
export function scanArray(item: Scan, leastSize: number): Scan {
  return scanBlocks({
    leastSize,
    emptyCost: 32,
    // It starts as large as its first block and grows by half when another comes.
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
