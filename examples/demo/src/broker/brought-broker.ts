import type { Environment } from '@openedx-ts/events-core';

/** A broker that the services can use. */
export interface BroughtBroker extends AsyncDisposable {
  /** The environment with what the services need to find it. */
  readonly env: Environment;
}

/** There is no broker, and none could be started; the message says what to do. */
export class NoBroker extends Error {
  override readonly name = 'NoBroker';
}
