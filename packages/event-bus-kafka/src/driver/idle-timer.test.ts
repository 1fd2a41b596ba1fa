import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type QueueingConnection, stopIdleTimer } from './idle-timer.js';

type RequestQueue = QueueingConnection['requestQueue'] & {
  pending: unknown[];
  throttledUntil: number;
  checkPendingRequests(): void;
  destroy(): void;
};
const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => RequestQueue;

describe('stopIdleTimer', () => {
  let queue: RequestQueue;
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const waits = () => timer.mock.calls.map(([, waitMs]) => waitMs);

  beforeEach(() => {
    timer.mockClear();
    const logger = { debug() {}, error() {} };
    queue = new Queue({
      requestTimeout: 1_000,
      isConnected: () => true,
      logger,
      emitter: new EventEmitter(),
    });
  });
  afterEach(() => queue.destroy());

  it('kafkajs sets a timer with a negative time although no request waits', () => {
    queue.checkPendingRequests();
    expect(waits()).toEqual([expect.any(Number)]);
    expect(waits()[0]).toBeLessThan(0);
  });

  it('sets none while no request waits, and one while a broker throttles', () => {
    stopIdleTimer({ requestQueue: queue });
    queue.checkPendingRequests();
    expect(waits()).toEqual([]);
    queue.throttledUntil = Date.now() + 5_000;
    queue.pending.push({});
    queue.checkPendingRequests();
    expect(waits()[0]).toBeGreaterThan(0);
  });

  it('refuses a kafkajs whose queue is another', () => {
    expect(() => stopIdleTimer({ requestQueue: {} } as QueueingConnection)).toThrow(TypeError);
  });
});
