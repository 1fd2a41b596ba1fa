import type { Logger } from './logger.js';
import type { Telemetry } from './telemetry.js';

/** The same logger, except that nothing it throws can reach an event: what watches the way must not block it. */
export function guardedLogger(logger: Logger): Logger {
  const quietly = (level: keyof Logger) => (facts: object, message: string) => {
    ignoringErrors(() => logger[level](facts, message));
  };
  return { debug: quietly('debug'), info: quietly('info'), warn: quietly('warn'), error: quietly('error') };
}

/** The same telemetry, except that nothing it throws can reach an event; receivers run once, whatever it does. */
export function guardedTelemetry(telemetry: Telemetry): Telemetry {
  return {
    record: (fact) => {
      ignoringErrors(() => telemetry.record(fact));
    },
    traceContext: () => ignoringErrors(() => telemetry.traceContext()),
    process: (event, run) => {
      let running: { readonly outcome: ReturnType<typeof run> } | undefined;
      const once = () => {
        running ??= { outcome: run() };
        return running.outcome;
      };
      // Whatever it makes of the outcome: what counts is the receivers' own, or they run now.
      const watching = ignoringErrors(() => telemetry.process(event, once));
      return watching instanceof Promise ? watching.then(once, once) : once();
    },
  };
}

function ignoringErrors<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
