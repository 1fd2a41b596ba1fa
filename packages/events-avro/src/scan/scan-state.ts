/** What a scan works on. One object is reused for every scan, so that scanning allocates nothing. */
export interface ScanState {
  /** Which scan this is. */
  scan: number;
  bytes: Uint8Array;
  end: number;
  /** The number the last varint stood for. */
  number: number;
  /** Values seen so far, and how many there may be. */
  values: number;
  maxValues: number;
  /** Bytes of heap that the decoded value is estimated to take. */
  cost: number;
  depth: number;
  /** Whether all text so far is ASCII. */
  isAscii: boolean;
  /** Filled while a refusal travels up: what is wrong, and where, innermost field first. */
  problem: string;
  path: string[];
}

/** Scans one value: the position behind it, or -1 when it is refused. */
export type Scan = (state: ScanState, at: number) => number;

export const REFUSED = -1;

/** Notes why a value is refused. */
export function refuse(state: ScanState, problem: string): number {
  state.problem = problem;
  return REFUSED;
}

/** Values may be nested this deep. */
export const MAX_DEPTH = 64;

export function refuseDepth(state: ScanState): number {
  return refuse(state, `values are nested deeper than ${MAX_DEPTH} levels`);
}

export function refuseCount(state: ScanState): number {
  return refuse(state, `there are more than ${state.maxValues} values: raise maxValues if that is right`);
}
