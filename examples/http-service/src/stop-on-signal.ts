import type { Logger } from '@openedx-ts/events-core';

/**
 * Ends the process well on SIGTERM and SIGINT: closes, and leaves with 0 because nothing is left to do (1 when closing
 * fails). A second signal ends it at once with 130.
 */
export function stopOnSignal(options: {
  readonly close: () => Promise<void>;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** Whose signals and exit code. @defaultValue this process */
  readonly host?: SignalHost;
}): void {
  const { close, logger, host = process } = options;
  let isStopping = false;

  const stop = async (signal: NodeJS.Signals) => {
    if (isStopping) return host.exit(130);
    isStopping = true;
    logger.info({ signal }, 'stopping; a second signal ends at once');
    try {
      await close();
      host.exitCode = 0;
      logger.info({}, 'stopped');
    } catch (error) {
      host.exitCode = 1;
      logger.error({ err: error }, 'could not stop cleanly');
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, (name) => void stop(name));
}

/** The part of `process` that is used here. */
export interface SignalHost {
  exitCode?: number | string | null | undefined;
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}
