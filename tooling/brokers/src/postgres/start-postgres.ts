import { announced } from '../server/announced.js';
import { environmentServer } from '../server/environment-server.js';
import { startedServer } from '../server/started-server.js';
import { addressOf, findPostgres, postgresVariable } from './find-postgres.js';
import type { FoundPostgres } from './found-postgres.js';
import { postgresLaunch } from './postgres-launch.js';
import type { PostgresOptions } from './postgres-options.js';
import type { PostgresServer } from './postgres-server.js';

/**
 * Starts a real PostgreSQL on a free port of 127.0.0.1 and waits until it answers. It ends with this process at the latest.
 * With `TEST_POSTGRES_URL` set and no options given, that server is used instead.
 * @throws {BrokerUnavailableError} when no server can be had on this machine
 * @throws {BrokerFailedError} when it does not come up; the message has the end of its log
 */
export function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  return announced(
    'PostgreSQL',
    () => findPostgres(options),
    (found) => start(found, options),
  );
}

async function start(found: FoundPostgres, options: PostgresOptions): Promise<PostgresServer> {
  if (found.chosen === 'environment') {
    const server = environmentServer('PostgreSQL', postgresVariable, addressOf(found.url));
    return Object.freeze({ ...server, url: found.url });
  }
  const [server] = await startedServer(found.chosen, () => postgresLaunch(found, options));
  return Object.freeze({ ...server, url: `postgres://postgres@${server.host}:${server.port}/postgres` });
}
