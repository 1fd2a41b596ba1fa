import { InfrastructureError } from '@openedx-ts/events-core';

/** The use of a connection that a pool has lent; it ends once: by `release`, or when its caller abandons it. */
export interface AbandonableUse {
  /** Waits for a step. @throws InfrastructureError as soon as the signal fires; what the library answers then is ignored */
  wait<T>(step: Promise<T>): Promise<T>;
  /** Returns the connection to its pool, unless it was closed. */
  release(isBroken: boolean): void;
}

/** Closes a connection when the signal, which has not fired yet, fires before it was released. */
export function abandonable(
  lent: { release(isBroken: boolean): void },
  abortSignal: AbortSignal | undefined,
): AbandonableUse {
  if (abortSignal === undefined)
    return { wait: (step) => step, release: (isBroken) => lent.release(isBroken) };
  let isReleased = false;
  let abandon = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    abandon = () => {
      release(true);
      reject(
        new InfrastructureError(
          'its caller waits no longer, so the connection was closed; what was sent before may have been executed',
        ),
      );
    };
  });
  abandoned.catch(() => {});
  const release = (isBroken: boolean) => {
    if (isReleased) return;
    isReleased = true;
    abortSignal.removeEventListener('abort', abandon);
    lent.release(isBroken);
  };
  abortSignal.addEventListener('abort', abandon, { once: true });
  return {
    wait: (step) => {
      step.catch(() => {});
      return Promise.race([step, abandoned]);
    },
    release,
  };
}
