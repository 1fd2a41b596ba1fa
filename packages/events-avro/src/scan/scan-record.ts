import type { Scan, ScanState } from './scan-state.js';

/** Why a scan refused a record, and the path of the refused value. */
export interface ScanRefusal {
  readonly path: string;
  readonly problem: string;
}

/**
 * Checks the bytes of a record before anything is allocated for them: counts and lengths against the remaining bytes,
 * the number of values, nesting, UTF-8, union and enum indexes, booleans, trailing bytes, and that the estimated heap
 * size is at most 64 times that of the bytes (64 KiB for small records).
 *
 * @returns undefined when the bytes are accepted; `wasAscii()` then returns whether all text is ASCII
 */
export function scanRecord(scan: Scan, bytes: Uint8Array, maxValues: number): ScanRefusal | undefined {
  state.scan = (state.scan + 1) | 0;
  state.bytes = bytes;
  state.end = bytes.length;
  state.values = 0;
  state.maxValues = maxValues;
  state.cost = 0;
  state.depth = 0;
  state.isAscii = true;
  const next = scan(state, 0);
  if (next === bytes.length && state.cost <= Math.max(SMALL_COST, 64 * bytes.length)) {
    state.bytes = NOTHING;
    return undefined;
  }
  return refusal(next);
}

/** Whether all text of the last scanned record is ASCII. */
export function wasAscii(): boolean {
  return state.isAscii;
}

const SMALL_COST = 65_536;
const NOTHING = new Uint8Array(0);

/** Scans are synchronous and call no other code, so all of them share one state. */
const state: ScanState = {
  scan: 0,
  bytes: NOTHING,
  end: 0,
  number: 0.5,
  values: 0,
  maxValues: 0,
  cost: 0,
  depth: 0,
  isAscii: true,
  problem: '',
  path: [],
};

function refusal(next: number): ScanRefusal {
  const { problem } = state;
  const path = pathText(state.path.reverse());
  const hasTrailer = next < state.bytes.length;
  state.bytes = NOTHING;
  state.path = [];
  if (next < 0) return { path, problem };
  return {
    path: '',
    problem: hasTrailer
      ? 'there are bytes after the end of the record'
      : 'it would take more than 64 times its size in memory',
  };
}

/** Formats a path; the middle of a long path, as of a recursive schema, is cut. */
function pathText(path: readonly string[]): string {
  return path.length <= 20 ? path.join('.') : [...path.slice(0, 10), '…', ...path.slice(-3)].join('.');
}
