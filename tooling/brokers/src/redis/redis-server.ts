import type { ControllableServer } from '../server/controllable-server.js';

/** A running Redis for a test. Over a restart it keeps the data that `appendonly` has kept. */
export interface RedisServer extends ControllableServer {
  /** With the password, when there is one. */
  readonly url: string;
}
