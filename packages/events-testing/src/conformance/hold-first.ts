import type { SignalEvent } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import type { ItemFields } from './bench-signals.js';

/** A receiver that waits at one event. */
export interface HoldFirst {
  readonly receiver: (event: SignalEvent<ItemFields>) => Promise<void> | undefined;
  /** Resolves when the receiver got the event. */
  readonly reached: Promise<SignalEvent<ItemFields>>;
  /** Lets the receiver return. */
  readonly release: () => void;
}

/** Makes a receiver that waits at the first event that satisfies the condition, until it is released. */
export function holdFirst(isWanted: (event: SignalEvent<ItemFields>) => boolean): HoldFirst {
  const reached = deferred<SignalEvent<ItemFields>>();
  const gate = deferred();
  let isOver = false;
  return {
    receiver: (event) => {
      if (isOver || !isWanted(event)) return undefined;
      isOver = true;
      reached.resolve(event);
      return gate.promise;
    },
    reached: reached.promise,
    release: gate.resolve,
  };
}
