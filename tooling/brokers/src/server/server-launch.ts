import type { ServerControl } from '../process/server-control.js';

/** A server that is ready to be started, on ports that were free a moment ago. */
export interface ServerLaunch {
  readonly control: ServerControl;
  /**
   * Waits until it answers.
   * @throws {BrokerFailedError} when it ends, or prints nothing for too long
   */
  ready(): Promise<void>;
}
