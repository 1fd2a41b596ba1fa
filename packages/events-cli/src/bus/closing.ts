import { runtime } from '@openedx-ts/events-core';

/** Closes something at the end of a scope, and does not wait long for a broker that is away. */
export function closing(closable: { close(): Promise<void> }): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new AbortController();
      const close = closable.close().finally(() => closed.abort());
      await Promise.race([close, runtime().clock.sleep(LONGEST_MS, closed.signal)]);
      close.catch(() => {}); // too late to tell
    },
  };
}

const LONGEST_MS = 2_000;
