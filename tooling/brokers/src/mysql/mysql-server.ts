import type { ControllableServer } from '../server/controllable-server.js';

/** A running MySQL or MariaDB. */
export interface MysqlServer extends ControllableServer {
  /** `mysql://root@host:port/test`, without a password unless `TEST_MYSQL_URL` has one. */
  readonly url: string;
}
