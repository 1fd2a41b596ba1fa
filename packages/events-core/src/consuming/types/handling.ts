import type { Delivery } from './delivery.js';
import type { HandlingContext } from './handling-context.js';

/** A delivery that is being processed. */
export interface Handling {
  readonly delivery: Delivery;
  readonly context: HandlingContext;
  /** By the clock that never jumps. */
  readonly startedAt: number;
}
