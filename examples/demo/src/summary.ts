import type { DemoResult } from './run-demo.js';
import type { TallyRow } from './tally.js';

/** The demo in numbers; what `--json` prints. */
export interface DemoSummary {
  readonly bus: string;
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly types: readonly TallyRow[];
  /** What arrived otherwise than it was sent, in words. */
  readonly mismatches: readonly string[];
  readonly durationMs: number;
}

/** Sums a demo up. */
export function summaryOf({ bus, tally, durationMs }: DemoResult): DemoSummary {
  const { sent, delivered, mismatches } = tally;
  return { bus, sent, delivered, lost: sent - delivered, types: tally.rows(), mismatches, durationMs };
}
