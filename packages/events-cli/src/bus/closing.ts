import { runtime } from '@openedx-ts/events-core/bus';

/** Closes a client at the end of a scope, and waits at most two seconds for an unreachable broker. */
export function closing(closable: { close(): Promise<void> }): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new AbortController();
      const close = closable.close().finally(() => closed.abort());
      await Promise.race([close, runtime().clock.sleep(CLOSE_TIMEOUT_MS, closed.signal)]);
      close.catch(() => {}); // the command has ended: nobody is left to report it to
    },
  };
}

const CLOSE_TIMEOUT_MS = 2_000;
