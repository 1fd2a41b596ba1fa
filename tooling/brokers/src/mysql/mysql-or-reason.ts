import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { findMysql } from './find-mysql.js';
import type { MysqlOptions } from './mysql-options.js';
import type { MysqlServer } from './mysql-server.js';
import { startMysql } from './start-mysql.js';

/** MySQL or MariaDB on this machine, or why there is none. */
export type MysqlOrReason = ServerOrReason<MysqlOptions, MysqlServer>;

/**
 * Looks for a MySQL or MariaDB without starting it, so that tests can be skipped with a reason.
 * @param options what every server of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export function mysqlOrReason(options: MysqlOptions = {}): Promise<MysqlOrReason> {
  return serverOrReason({ find: findMysql, start: startMysql }, options);
}
