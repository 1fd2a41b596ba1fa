import { isThenable } from './is-thenable.js';
import type { Logger } from './logger.js';
import { noTelemetry, type Telemetry } from './telemetry.js';
import type { TraceContext } from './trace-context.js';

/** Returns a logger that ignores errors of the given one, also those of async methods: logging must not fail an event. */
export function nonThrowingLogger(logger: Logger): Logger {
  const quietly = (level: keyof Logger) => (facts: object, message: string) => {
    ignoringErrors(() => logger[level](facts, message));
  };
  return { debug: quietly('debug'), info: quietly('info'), warn: quietly('warn'), error: quietly('error') };
}

/**
 * Returns telemetry that ignores errors of the given one, also those of async methods. Receivers run exactly once, whatever
 * it does.
 */
export function nonThrowingTelemetry(telemetry: Telemetry): Telemetry {
  if (telemetry === noTelemetry) return telemetry;
  return {
    record: (fact) => {
      ignoringErrors(() => telemetry.record(fact));
    },
    traceContext: () => {
      const context = ignoringErrors(() => telemetry.traceContext());
      return ignoringErrors(() => validTraceContext(context));
    },
    process: (event, run) => watched(run, (once) => telemetry.process(event, once)),
    ...(telemetry.runReceiver === undefined ? {} : { runReceiver: nonThrowingReceiver(telemetry) }),
    ...(telemetry.send === undefined ? {} : { send: nonThrowingSend(telemetry) }),
  };
}

function nonThrowingReceiver(telemetry: Telemetry): NonNullable<Telemetry['runReceiver']> {
  return (receiver, run) => watched(run, (once) => telemetry.runReceiver?.(receiver, once));
}

function nonThrowingSend(telemetry: Telemetry): NonNullable<Telemetry['send']> {
  return (event) => {
    const observer = ignoringErrors(() => telemetry.send?.(event));
    const trace = ignoringErrors(() => validTraceContext(observer?.trace));
    if (observer === undefined || trace === undefined) return undefined;
    return {
      trace,
      accepted: (position) => ignoringErrors(() => observer.accepted(position)),
      failed: (error) => ignoringErrors(() => observer.failed(error)),
    };
  };
}

/** Runs receivers exactly once, whatever the telemetry around them does. */
function watched<T>(
  run: () => T | Promise<T>,
  watch: (once: () => T | Promise<T>) => unknown,
): T | Promise<T> {
  let running: { readonly outcome: T | Promise<T> } | undefined;
  const once = () => {
    running ??= { outcome: outcomeOf(run) };
    return running.outcome;
  };
  const watching = ignoringErrors(() => watch(once));
  // The outcome is that of the receivers, whatever telemetry returns; if it has not run them, they run now.
  if (running !== undefined || !isThenable(watching)) return once();
  return Promise.resolve(watching).then(once, once);
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
    const value = call();
    if (isThenable(value)) Promise.resolve(value).catch(() => {}); // also one whose `then` throws
    return value;
  } catch {
    return undefined;
  }
}

/** An async `traceContext` has none yet. */
function validTraceContext(context: TraceContext | undefined): TraceContext | undefined {
  const { traceparent, tracestate } = context ?? {};
  if (typeof traceparent !== 'string') return undefined;
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
}
