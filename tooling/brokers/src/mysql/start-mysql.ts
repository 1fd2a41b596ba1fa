import { announced } from '../server/announced.js';
import { environmentServer } from '../server/environment-server.js';
import { startedServer } from '../server/started-server.js';
import { findMysql, mysqlAddressOf, mysqlVariable } from './find-mysql.js';
import type { FoundMysql } from './found-mysql.js';
import { mysqlLaunch } from './mysql-launch.js';
import type { MysqlOptions } from './mysql-options.js';
import type { MysqlServer } from './mysql-server.js';

/**
 * Starts a real MySQL or MariaDB on a free port of 127.0.0.1 and waits until it answers. It ends with this process at the
 * latest. With `TEST_MYSQL_URL` set and no options given, that server is used instead.
 * @throws {BrokerUnavailableError} when no server can be had on this machine
 * @throws {BrokerFailedError} when it does not come up; the message has the end of its log
 */
export function startMysql(options: MysqlOptions = {}): Promise<MysqlServer> {
  return announced(
    'MySQL',
    () => findMysql(options),
    (found) => start(found, options),
  );
}

async function start(found: FoundMysql, options: MysqlOptions): Promise<MysqlServer> {
  if (found.chosen === 'environment') {
    const server = environmentServer('MySQL', mysqlVariable, mysqlAddressOf(found.url));
    return Object.freeze({ ...server, url: found.url });
  }
  const [server] = await startedServer(found.chosen, () => mysqlLaunch(found, options));
  return Object.freeze({ ...server, url: `mysql://root@${server.host}:${server.port}/test` });
}
