import { type MysqlServer, mysqlOrReason } from '@openedx-ts/brokers';
import { mysql2Database, mysql2Executor } from '@openedx-ts/events-sql';
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeOwnTransactions } from './scope/describe-own-transactions.test-support.js';
import { describeRefusedEvents } from './scope/describe-refused-events.test-support.js';
import { describeTransactions } from './scope/describe-transactions.test-support.js';
import type { LibraryUnderTest } from './scope/service-under-test.test-support.js';

const mysql = await mysqlOrReason({ own: true });

describe.skipIf(mysql.reason !== undefined)(mysql.titled('sqlOutbox'), () => {
  let server: MysqlServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await mysql.start();
    pool = createPool({ uri: server.url, timezone: 'Z' });
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  const library = (): LibraryUnderTest<PoolConnection> => ({
    database: mysql2Database(pool),
    executorOf: mysql2Executor,
    poolExecutor: mysql2Executor(pool),
    startItself: async (work) => {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        const result = await work(connection);
        await connection.commit();
        return result;
      } catch (error) {
        await connection.rollback();
        throw error;
      } finally {
        connection.release();
      }
    },
  });
  describeTransactions('on MySQL or MariaDB', library);
  describeOwnTransactions('on MySQL or MariaDB', library);
  describeRefusedEvents('on MySQL or MariaDB', library);
});
