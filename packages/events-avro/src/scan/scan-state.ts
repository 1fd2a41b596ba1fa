/** The state of a scan. One object is reused for every scan, so that scanning allocates nothing. */
export interface ScanState {
  /** Number of the scan. */
  scan: number;
  bytes: Uint8Array;
  end: number;
  /** The value of the last varint. */
  number: number;
  /** Number of values so far, and its maximum. */
  values: number;
  maxValues: number;
  /** Estimated heap size of the decoded value, in bytes. */
  cost: number;
  depth: number;
  /** Whether all text so far is ASCII. */
  isAscii: boolean;
  /** Filled while a refusal is returned: the problem, and the path of the value, innermost field first. */
  problem: string;
  path: string[];
}

/** Scans a value and returns the position after it, or `REFUSED`. */
export type Scan = (state: ScanState, at: number) => number;

/** The result of a scan that refused its value. */
export const REFUSED = -1;

/** Records why a value is refused, and returns `REFUSED`. */
export function refuse(state: ScanState, problem: string): number {
  state.problem = problem;
  return REFUSED;
}

/** Maximum nesting of values. */
export const MAX_DEPTH = 64;

/** Refuses a value that is nested too deeply. */
export function refuseDepth(state: ScanState): number {
  return refuse(state, `values are nested deeper than ${MAX_DEPTH} levels`);
}

/** Refuses a record with too many values. */
export function refuseCount(state: ScanState): number {
  return refuse(
    state,
    `there are more than ${state.maxValues} values: raise the codec's maxValues if such events are expected`,
  );
}
