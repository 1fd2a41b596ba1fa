import type { SignalEvent } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import type { BenchSignals, ItemFields } from './bench-signals.js';

/** A receiver that waits at one event. */
export interface HeldReceivers {
  /** Resolves with the event once the receiver waits at it. */
  readonly reached: Promise<SignalEvent<ItemFields>>;
  release(): void;
}

/** Connects a receiver that waits at the first event that satisfies this, until it is released. */
export function holdReceivers(
  signal: BenchSignals['item'],
  isWanted: (event: SignalEvent<ItemFields>) => boolean,
): HeldReceivers {
  const reached = deferred<SignalEvent<ItemFields>>();
  const gate = deferred();
  let isOver = false;
  signal.connect((event) => {
    if (isOver || !isWanted(event)) return undefined;
    isOver = true;
    reached.resolve(event);
    return gate.promise;
  });
  return { reached: reached.promise, release: gate.resolve };
}
