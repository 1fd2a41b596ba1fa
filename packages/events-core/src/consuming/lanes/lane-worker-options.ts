import type { Delivery } from '../types/delivery.js';
import type { HandlingContext } from '../types/handling-context.js';
import type { Outcome } from '../types/outcome.js';
import type { ExclusiveCoordinator } from './exclusive-coordinator.js';
import type { LaneWindowOptions } from './lane-window.js';

/** What a `LaneWorker` needs. */
export interface LaneWorkerOptions extends LaneWindowOptions {
  readonly ackEvery: number;
  /** Most deliveries that are processed at once. */
  readonly concurrency: number;
  /** What the exclusive events of all lanes of the consumer share. */
  readonly exclusive: ExclusiveCoordinator;
  /** Fires when the consumer stops: waits end. */
  readonly stopSignal: AbortSignal;
  readonly handler: LaneHandler;
  /** Asked before a delivery is processed, and when it has backed off. With false, the lane is aborted. */
  readonly mayHandle: () => boolean;
  readonly acknowledge: (
    ordinals: readonly number[],
    context: Pick<HandlingContext, 'waitSignal' | 'backOff'>,
  ) => void | Promise<void>;
  /** Called when the lane holds fewer deliveries than before. */
  readonly onDone: () => void;
  /** Called with an error that must stop the consumer. */
  readonly onFatal: (error: unknown) => void;
}

/** Processes one delivery. @throws an error that must stop the consumer */
export interface LaneHandler {
  handle(delivery: Delivery, context: HandlingContext): Promise<Outcome>;
}
