import {
  allSignals,
  configureEvents,
  type EventsRuntime,
  getSignalByType,
  type OpenEdxPublicSignal,
} from '@openedx-ts/events-core';
import { isConsoleLogger, runtime, snapshotSignals } from '@openedx-ts/events-core/bus';
import { KeptLog } from './kept-log.js';

/** How `isolateSignals` sets up its scope. */
export interface IsolateOptions {
  /** The signals, or their event types, that are enabled in the scope; every other one is disabled. @defaultValue 'all' */
  readonly enabled?: 'all' | readonly (Pick<OpenEdxPublicSignal, 'eventType'> | string)[];
  /** Settings of the scope, such as a clock. @defaultValue `dispatch: 'loud'`, so that a failing receiver fails the test */
  readonly runtime?: Partial<EventsRuntime>;
}

/** The scope of a test; `using` restores at its end. */
export interface IsolatedSignals extends Disposable {
  /** Puts everything back. Safe to call twice; for `afterEach`. */
  restore(): void;
  /**
   * Prints the warnings and errors of the scope, which are kept back while no logger is configured. Call it when the test
   * has failed, before or after `restore`; `isolateSignals` of `events-testing/vitest` does so by itself.
   */
  printLog(): void;
}

/**
 * Keeps what a test does to signals inside the test: at the end, the registry, receivers, switches and settings of this
 * process are as they were before. Signals defined in the scope are then forgotten. Scopes may nest; the inner one ends
 * first. Unlike the reference's `OpenEdxEventsTestMixin` it restores what was there instead of enabling everything.
 * Warnings and errors that would go to stderr, because no logger is configured, are kept for `printLog`.
 *
 * @throws UnknownSignalError for an event type that is not loaded; nothing has changed then
 */
export function isolateSignals(options: IsolateOptions = {}): IsolatedSignals {
  const isWanted = wantedSignals(options.enabled ?? 'all');
  const restoreAll = snapshotSignals();
  const { logger } = runtime();
  const log = new KeptLog(logger);
  const keeping = isConsoleLogger(logger) ? { logger: log.logger } : {};
  configureEvents({ dispatch: 'loud', ...keeping, ...options.runtime });
  for (const signal of allSignals()) {
    if (isWanted(signal)) signal.enable();
    else signal.disable();
  }
  let isRestored = false;
  const restore = () => {
    if (isRestored) return;
    isRestored = true;
    restoreAll();
  };
  return { restore, printLog: () => log.print(), [Symbol.dispose]: restore };
}

function wantedSignals(
  enabled: NonNullable<IsolateOptions['enabled']>,
): (signal: OpenEdxPublicSignal) => boolean {
  if (enabled === 'all') return () => true;
  const wanted = new Set(
    enabled.map((one) => getSignalByType(typeof one === 'string' ? one : one.eventType)),
  );
  return (signal) => wanted.has(signal);
}
