import { abortOnSignal, type SignalHost } from './abort-on-signal.js';
import { runtime } from './runtime.js';

/**
 * Ends the process well on SIGTERM and SIGINT: closes, and leaves with 0 because nothing is left to do, or with 1 when
 * closing fails. A second signal ends it at once with 130. A `StartedEventBus` is closed well by its `close`: its consumers
 * finish the events in flight, and its producer writes the buffered ones.
 */
export function stopOnSignal(options: {
  readonly close: () => Promise<void>;
  /** Whose signals and exit code. @defaultValue this process */
  readonly host?: SignalHost;
}): void {
  const { close, host = process } = options;
  const abortSignal = abortOnSignal(host);
  const stop = async () => {
    const { logger } = runtime();
    logger.info({ signal: abortSignal.reason }, 'stopping; a second signal ends at once');
    try {
      await close();
      host.exitCode = 0;
      logger.info({}, 'stopped');
    } catch (error) {
      host.exitCode = 1;
      logger.error({ err: error }, 'could not stop cleanly');
    }
  };
  abortSignal.addEventListener('abort', () => void stop(), { once: true });
}
