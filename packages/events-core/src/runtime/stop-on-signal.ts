import { abortOnSignal, type SignalHost } from './abort-on-signal.js';
import { runtime } from './runtime.js';

/**
 * Ends the process gracefully on SIGTERM and SIGINT: closes, so that nothing keeps the process running, and sets the exit
 * code 0, or 1 when closing fails. A second signal ends it at once with 130. The `close` of a `StartedEventBus` lets its
 * consumers finish the events in flight, and its producer publish the buffered ones.
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
