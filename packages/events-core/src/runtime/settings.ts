import { hostname } from 'node:os';
import { systemClock } from './clock.js';
import { consoleLogger } from './console-logger.js';
import type { EventsSettings } from './events-settings.js';
import { guardedLogger, guardedTelemetry } from './guarded.js';
import { uuidV7Source } from './ids.js';
import { sharedState } from './shared-state.js';
import { noTelemetry } from './telemetry.js';

/**
 * Changes settings of this process, for every copy of the package in it. What a logger or telemetry throws is ignored.
 *
 * @returns a handle that puts the former settings back; `using` does so at the end of a scope
 */
export function configureEvents(changes: Partial<EventsSettings>): Disposable {
  const state = sharedState();
  const before = settings();
  const { logger, telemetry } = changes;
  state.settings = Object.freeze({
    ...before,
    ...changes,
    ...(logger === undefined ? {} : { logger: guardedLogger(logger) }),
    ...(telemetry === undefined ? {} : { telemetry: guardedTelemetry(telemetry) }),
  });
  return {
    [Symbol.dispose]: () => {
      state.settings = before;
    },
  };
}

/** The settings in force. */
export function settings(): EventsSettings {
  const state = sharedState();
  state.settings ??= Object.freeze(defaultSettings(process.env));
  return state.settings;
}

/** What holds where nothing was configured; reads nothing but the given environment and the host name. */
export function defaultSettings(env: Readonly<Record<string, string | undefined>>): EventsSettings {
  return {
    dispatch: 'robust',
    serviceName: env.EVENTS_SERVICE_NAME || env.SERVICE_VARIANT || 'SERVICE_NAME_UNSET',
    sourceHost: hostname(),
    logger: consoleLogger({ clock: () => settings().clock }),
    telemetry: noTelemetry,
    clock: systemClock,
    random: Math.random,
    nextId: uuidV7Source({ now: () => settings().clock.now() }),
  };
}
