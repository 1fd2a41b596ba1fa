import type { Clock } from './clock.js';
import type { Logger } from './logger.js';
import type { Telemetry } from './telemetry.js';

/** What all packages of a process share: clock, logger, telemetry, source of ids, and defaults of dispatch. */
export interface EventsRuntime {
  /** `'robust'`: a failing receiver is one of the results; `'loud'`: `sendEvent` rejects at the first. @defaultValue 'robust' */
  readonly dispatch: 'robust' | 'loud';
  /**
   * The service in the metadata's `source`.
   * @defaultValue `EVENTS_SERVICE_NAME`, else `SERVICE_VARIANT`, else `SERVICE_NAME_UNSET`
   */
  readonly serviceName: string;
  /** The machine in the metadata's `sourceHost`. @defaultValue the host name */
  readonly sourceHost: string;
  /** @defaultValue prints warnings and errors to stderr, one line each; `silentLogger` prints nothing */
  readonly logger: Logger;
  /** @defaultValue telemetry that records nothing */
  readonly telemetry: Telemetry;
  /** @defaultValue the machine's clock */
  readonly clock: Clock;
  /** A source of numbers in [0, 1), for the jitter of retries. @defaultValue `Math.random` */
  readonly random: () => number;
  /** Makes event ids. @defaultValue UUIDs of version 7 */
  readonly nextId: () => string;
}
