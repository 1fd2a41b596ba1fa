import { mysqlOrReason } from '@openedx-ts/brokers';
import { mysql2Database } from '@openedx-ts/events-sql';
import { createPool } from 'mysql2/promise';
import { describe } from 'vitest';
import { mysqlOutboxStore } from '../store/mysql/mysql-outbox-store.js';
import { describeRelay } from './describe-relay.test-support.js';

const mysql = await mysqlOrReason({ own: true });

describe.skipIf(mysql.reason !== undefined)(mysql.titled('a real MySQL'), () => {
  describeRelay('MySQL or MariaDB', mysqlOutboxStore(), async () => {
    const server = await mysql.start();
    const pool = createPool({ uri: server.url, connectionLimit: 30 });
    return {
      server,
      database: mysql2Database(pool),
      [Symbol.asyncDispose]: async () => {
        await pool.end();
        await server[Symbol.asyncDispose]();
      },
    };
  });
});
