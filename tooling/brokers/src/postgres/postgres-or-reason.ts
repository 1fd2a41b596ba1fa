import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { findPostgres } from './find-postgres.js';
import type { PostgresOptions } from './postgres-options.js';
import type { PostgresServer } from './postgres-server.js';
import { startPostgres } from './start-postgres.js';

/** PostgreSQL on this machine, or why there is none. */
export type PostgresOrReason = ServerOrReason<PostgresOptions, PostgresServer>;

/**
 * Looks for a PostgreSQL without starting it, so that tests can be skipped with a reason.
 * @param options what every server of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export function postgresOrReason(options: PostgresOptions = {}): Promise<PostgresOrReason> {
  return serverOrReason({ find: findPostgres, start: startPostgres }, options);
}
