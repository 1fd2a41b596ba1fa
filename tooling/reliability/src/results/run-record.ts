import { cpus, type as system } from 'node:os';
import type { RunResult } from '../run-result.js';
import type { SizeName } from '../scenario.js';

/** A run as it is kept: what came of it, and how and where it was done. */
export interface RunRecord {
  readonly size: SizeName;
  /** When it was over, in ISO form. */
  readonly date: string;
  /** What it ran on. */
  readonly machine: string;
  readonly result: RunResult;
}

/** The record of a run that has just ended here. */
export function recordOf(result: RunResult, size: SizeName): RunRecord {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${system()}, Node ${process.version}`;
  return { size, date: new Date().toISOString(), machine, result };
}

/** What repeats a run. */
export function commandOf({ size, result: { scenario, bus, seed } }: Pick<RunRecord, 'size' | 'result'>) {
  const short = size === 'short' ? ' --short' : '';
  return `npm run reliability -- --only ${scenario} --bus ${bus}${short} --seed ${seed}`;
}
