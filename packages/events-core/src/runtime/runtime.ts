import { hostname } from 'node:os';
import { systemClock } from './clock.js';
import type { EventsRuntime } from './events-runtime.js';
import { uuidV7Source } from './ids.js';
import { silentLogger } from './logger.js';
import { nonThrowingLogger, nonThrowingTelemetry } from './non-throwing.js';
import { sharedState } from './shared-state.js';
import { noTelemetry } from './telemetry.js';

/**
 * Changes settings of this process, for every copy of the package in it. What a logger or telemetry throws is ignored.
 *
 * @returns a handle that puts the former settings back; `using` does so at the end of a scope
 */
export function configureEvents(changes: Partial<EventsRuntime>): Disposable {
  const state = sharedState();
  const before = runtime();
  const { logger, telemetry } = changes;
  state.runtime = Object.freeze({
    ...before,
    ...changes,
    ...(logger === undefined ? {} : { logger: nonThrowingLogger(logger) }),
    ...(telemetry === undefined ? {} : { telemetry: nonThrowingTelemetry(telemetry) }),
  });
  return {
    [Symbol.dispose]: () => {
      state.runtime = before;
    },
  };
}

/** The settings in force. */
export function runtime(): EventsRuntime {
  const state = sharedState();
  state.runtime ??= Object.freeze(defaultRuntime(process.env));
  return state.runtime;
}

/** What holds where nothing was configured; reads nothing but the given environment and the host name. */
export function defaultRuntime(env: Readonly<Record<string, string | undefined>>): EventsRuntime {
  return {
    dispatch: 'robust',
    serviceName: env.EVENTS_SERVICE_NAME || env.SERVICE_VARIANT || 'SERVICE_NAME_UNSET',
    sourceHost: hostname(),
    logger: silentLogger,
    telemetry: noTelemetry,
    clock: systemClock,
    random: Math.random,
    nextId: uuidV7Source({ now: () => runtime().clock.now() }),
  };
}
