import type { Logger } from './logger.js';
import { noTelemetry, type Telemetry } from './telemetry.js';

/** Returns a logger that ignores errors of the given one: logging must not fail an event. */
export function nonThrowingLogger(logger: Logger): Logger {
  const quietly = (level: keyof Logger) => (facts: object, message: string) => {
    ignoringErrors(() => logger[level](facts, message));
  };
  return { debug: quietly('debug'), info: quietly('info'), warn: quietly('warn'), error: quietly('error') };
}

/** Returns telemetry that ignores errors of the given one. Receivers run exactly once, whatever it does. */
export function nonThrowingTelemetry(telemetry: Telemetry): Telemetry {
  if (telemetry === noTelemetry) return telemetry;
  return {
    record: (fact) => {
      ignoringErrors(() => telemetry.record(fact));
    },
    traceContext: () => ignoringErrors(() => telemetry.traceContext()),
    process: (event, run) => {
      let running: { readonly outcome: ReturnType<typeof run> } | undefined;
      const once = () => {
        running ??= { outcome: outcomeOf(run) };
        return running.outcome;
      };
      const watching = ignoringErrors(() => telemetry.process(event, once));
      // The outcome is that of the receivers, whatever telemetry returns; if it has not run them, they run now.
      if (!(watching instanceof Promise)) return once();
      if (running === undefined) return watching.then(once, once);
      watching.catch(() => {});
      return once();
    },
  };
}

/** Returns a throw as a rejection, so that it is kept like any other outcome. */
function outcomeOf<T>(run: () => T | Promise<T>): T | Promise<T> {
  try {
    return run();
  } catch (error) {
    return Promise.reject(error);
  }
}

function ignoringErrors<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
