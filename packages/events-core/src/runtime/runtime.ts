import { hostname } from 'node:os';
import { systemClock } from './clock.js';
import { consoleLogger } from './console-logger.js';
import type { Environment } from './environment.js';
import type { EventsRuntime } from './events-runtime.js';
import { uuidV7Source } from './ids.js';
import { nonThrowingLogger, nonThrowingTelemetry } from './non-throwing.js';
import { sharedState } from './shared-state.js';
import { noTelemetry } from './telemetry.js';

/**
 * Changes the logger, telemetry, clock and other defaults of this process, for every copy of the package in it. Errors
 * that a logger or telemetry throws are ignored, as are rejections of their methods.
 *
 * @returns a handle that restores what was configured before; `using` does so at the end of a scope
 */
export function configureEvents(changes: Partial<EventsRuntime>): Disposable {
  const state = shared();
  const before = runtime();
  const { logger, telemetry } = changes;
  state.current = Object.freeze({
    ...before,
    ...changes,
    ...(logger === undefined ? {} : { logger: nonThrowingLogger(logger) }),
    ...(telemetry === undefined ? {} : { telemetry: nonThrowingTelemetry(telemetry) }),
  });
  return {
    [Symbol.dispose]: () => {
      state.current = before;
    },
  };
}

/** Returns the clock, logger, telemetry, source of ids and defaults in force in this process. */
export function runtime(): EventsRuntime {
  const state = shared();
  state.current ??= Object.freeze(defaultRuntime(process.env));
  return state.current;
}

/** Takes what is configured now. @returns a function that restores it */
export function snapshotRuntime(): () => void {
  const state = shared();
  const { current } = state;
  return () => {
    state.current = current;
  };
}

/** Returns what holds until `configureEvents` is called; reads only the given environment and the host name. */
export function defaultRuntime(env: Environment): EventsRuntime {
  return {
    dispatch: 'robust',
    serviceName: env.EVENTS_SERVICE_NAME || env.SERVICE_VARIANT || 'SERVICE_NAME_UNSET',
    sourceHost: hostname(),
    logger: consoleLogger({ clock: () => runtime().clock }),
    telemetry: noTelemetry,
    clock: systemClock,
    random: Math.random,
    nextId: uuidV7Source({ now: () => runtime().clock.now() }),
  };
}

interface SharedRuntime {
  current: EventsRuntime | undefined;
}

/** Kept, as it is asked for several times an event. */
let found: SharedRuntime | undefined;

function shared(): SharedRuntime {
  found ??= sharedState<SharedRuntime>('runtime', () => ({ current: undefined }));
  return found;
}
