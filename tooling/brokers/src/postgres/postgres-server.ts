import type { ControllableServer } from '../server/controllable-server.js';

/** A running PostgreSQL for a test. It keeps what was committed over stop, kill and start. */
export interface PostgresServer extends ControllableServer {
  /** User and database `postgres`, no password. */
  readonly url: string;
}
