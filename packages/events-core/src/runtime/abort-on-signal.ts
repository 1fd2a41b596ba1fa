/** The part of `process` that receives signals and ends. */
export interface SignalHost {
  exitCode?: number | string | null | undefined;
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

/**
 * A signal that fires at the first SIGTERM or SIGINT, whose name is its reason; a second one ends the process at once
 * with 130. For `run({ abortSignal })` of a consumer, and whatever else must end gracefully.
 *
 * @param host whose signals @defaultValue this process
 */
export function abortOnSignal(host: SignalHost = process): AbortSignal {
  const controller = new AbortController();
  const abort = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) host.exit(130);
    else controller.abort(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, abort);
  return controller.signal;
}
