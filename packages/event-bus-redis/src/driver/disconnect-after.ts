import { runtime } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';

/** A deadline for what a client does at the moment. */
export interface ClientDeadline {
  /** Whether the time is over. */
  readonly isOver: boolean;
  /** Cancels the deadline; resolves when its timer is gone. */
  cancel(): Promise<void>;
}

/** Disconnects a client after a time in milliseconds unless cancelled: every command in flight then fails. */
export function disconnectAfter(client: Redis, timeoutMs: number): ClientDeadline {
  const timer = new AbortController();
  let isOver = false;
  const waiting = runtime()
    .clock.sleep(timeoutMs, timer.signal)
    .then(() => {
      if (timer.signal.aborted) return;
      isOver = true;
      client.disconnect();
    });
  return {
    get isOver() {
      return isOver;
    },
    cancel: () => {
      timer.abort('cancelled'); // without a reason Node creates an error with a stack
      return waiting;
    },
  };
}
