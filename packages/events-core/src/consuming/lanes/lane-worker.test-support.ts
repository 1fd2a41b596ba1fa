import { afterEach, beforeEach, vi } from 'vitest';
import { systemClock } from '../../runtime/clock.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { Delivery } from '../contract/delivery.js';
import { deliveryOf } from '../fake-event-bus-consumer.test-support.js';
import type { Outcome } from '../processing/delivery-handler.js';
import { CarefulTurns } from './exclusive-gate.js';
import { LaneWorker, type LaneWorkerOptions } from './lane-worker.js';

/** Deliveries of one key. */
export const deliveries = (...ordinals: readonly number[]): readonly Delivery[] =>
  ordinals.map((ordinal) => keyed('', ordinal));

/** A delivery under a key. */
export const keyed = (key: string, ordinal: number, more: Partial<Delivery> = {}): Delivery =>
  deliveryOf({ topic: 't', key: Buffer.from(key), value: null, headers: [] }, ordinal, more);

/** A worker, and what it did so far. */
export function laneWorker(options: Partial<LaneWorkerOptions> = {}) {
  const handled: number[] = [];
  const acknowledged: (readonly number[])[] = [];
  const onFatal = vi.fn();
  const onDone = vi.fn();
  const lane = new LaneWorker({
    ackEvery: 2,
    maxDeliveries: 5,
    concurrency: 1,
    turns: new CarefulTurns(() => {}),
    keyOf: ({ message }) => String(message.key),
    stopSignal: new AbortController().signal,
    handle: async ({ ordinal }): Promise<Outcome> => {
      handled.push(ordinal);
      return 'handled';
    },
    acknowledge: async (ordinals) => {
      acknowledged.push(ordinals);
    },
    onDone,
    onFatal,
    ...options,
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
