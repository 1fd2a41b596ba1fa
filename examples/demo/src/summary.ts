import type { DemoResult } from './run-demo.js';
import type { OutboxFacts } from './services/outbox-services.js';
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
  /** With an outbox only. */
  readonly outbox?: OutboxFacts;
  readonly durationMs: number;
}

/** Sums a demo up. */
export function summaryOf({ bus, tally, outbox, durationMs }: DemoResult): DemoSummary {
  const { sent, delivered, mismatches } = tally;
  return {
    bus,
    sent,
    delivered,
    lost: sent - delivered,
    types: tally.rows(),
    mismatches,
    ...(outbox === undefined ? {} : { outbox }),
    durationMs,
  };
}
