import type { Socket } from 'node:net';
import { runtime } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';

/** A deadline for what a client does at the moment. */
export interface ClientDeadline {
  /** Whether the time is over. */
  readonly isOver: boolean;
  /** Cancels the deadline; resolves when its timer is gone. */
  cancel(): Promise<void>;
}

/**
 * Disconnects a client after a time in milliseconds without a byte to or from Redis, unless cancelled: every command in
 * flight then fails. A long reply over a slow line takes as long as it takes; silence is noticed up to a quarter late.
 */
export function disconnectAfter(client: Redis, timeoutMs: number): ClientDeadline {
  const timer = new AbortController();
  let isOver = false;
  const waiting = silence(client, timeoutMs, timer.signal).then(() => {
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

async function silence(client: Redis, timeoutMs: number, abortSignal: AbortSignal): Promise<void> {
  let seen = traffic(client);
  for (let silentLooks = 0; silentLooks < LOOKS && !abortSignal.aborted; silentLooks += 1) {
    await runtime().clock.sleep(timeoutMs / LOOKS, abortSignal);
    const now = traffic(client);
    if (now !== seen) silentLooks = -1;
    seen = now;
  }
}

/** How often a timeout is checked. */
const LOOKS = 4;

/** Changes with every byte that was read, and with every byte of a long write that the operating system has accepted. */
function traffic({ stream }: Redis): string {
  // Undefined while ioredis is connecting. Node uses the size of the queue in the same way for its own socket timeout.
  const socket = stream as
    | (Partial<Socket> & { readonly _handle?: { readonly writeQueueSize?: number } })
    | undefined;
  return `${socket?.bytesRead} ${socket?._handle?.writeQueueSize}`;
}
