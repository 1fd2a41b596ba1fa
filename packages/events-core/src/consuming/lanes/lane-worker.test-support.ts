import { afterEach, beforeEach, vi } from 'vitest';
import { systemClock } from '../../runtime/clock.js';
import { configureEvents } from '../../runtime/runtime.js';
import { deliveryOf } from '../types/deliveries.test-support.js';
import type { Delivery } from '../types/delivery.js';
import type { Outcome } from '../types/outcome.js';
import { ExclusiveCoordinator, type ExclusiveCoordinatorOptions } from './exclusive-coordinator.js';
import { LaneWorker } from './lane-worker.js';
import type { LaneHandler, LaneWorkerOptions } from './lane-worker-options.js';

/** Deliveries of one key. */
export const deliveries = (...ordinals: readonly number[]): readonly Delivery[] =>
  ordinals.map((ordinal) => keyed('', ordinal));

/** A delivery under a key. */
export const keyed = (key: string, ordinal: number, more: Partial<Delivery> = {}): Delivery =>
  deliveryOf({ topic: 't', key: Buffer.from(key), value: null, headers: [] }, ordinal, more);

/** What the exclusive events of a consumer share, with a bus that counts nothing. */
export const exclusiveProcessing = (options: Partial<ExclusiveCoordinatorOptions> = {}) =>
  new ExclusiveCoordinator({ timeoutMs: 300_000, countExclusive: () => {}, ...options });

export interface TestWorkerOptions extends Omit<LaneWorkerOptions, 'handler'> {
  readonly handle: (...args: Parameters<LaneHandler['handle']>) => Outcome | Promise<Outcome>;
}

/** A worker, and what it did so far. */
export function laneWorker(options: Partial<TestWorkerOptions> = {}) {
  const handled: number[] = [];
  const acknowledged: (readonly number[])[] = [];
  const onFatal = vi.fn();
  const onDone = vi.fn();
  const {
    handle = async ({ ordinal }): Promise<Outcome> => {
      handled.push(ordinal);
      return 'handled';
    },
    ...others
  } = options;
  const lane = new LaneWorker({
    ackEvery: 2,
    maxDeliveries: 5,
    concurrency: 1,
    exclusive: exclusiveProcessing(),
    keyOf: ({ message }) => String(message.key),
    stopSignal: new AbortController().signal,
    handler: { handle: async (delivery, context) => handle(delivery, context) },
    mayHandle: () => true,
    acknowledge: async (ordinals) => {
      acknowledged.push(ordinals);
    },
    onDone,
    onFatal,
    ...others,
  });
  return { lane, handled, acknowledged, onFatal, onDone };
}

/** For each test of a file time stands still: a busy machine would decide where the lane makes its pause. */
export function withTimeStandingStill(): void {
  let restore: Disposable;
  beforeEach(() => {
    restore = configureEvents({ clock: { ...systemClock, monotonic: () => 0 } });
  });
  afterEach(() => restore[Symbol.dispose]());
}

/** Lets everything else in the process go on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => inNextTurn(resolve));
}

/** The real one, also while timers are faked. */
const inNextTurn = setImmediate;
