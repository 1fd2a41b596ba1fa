import { mysqlOrReason, postgresOrReason } from '@openedx-ts/brokers';
import { mysql2Database, pgDatabase } from '@openedx-ts/events-sql';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import { describe } from 'vitest';
import { mysqlOutboxStore } from '../store/mysql/mysql-outbox-store.js';
import { postgresOutboxStore } from '../store/postgres/postgres-outbox-store.js';
import { describeBadRows } from './describe-bad-rows.test-support.js';

const postgres = await postgresOrReason({ own: true });
const mysql = await mysqlOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('a relay'), () => {
  describeBadRows('PostgreSQL', postgresOutboxStore(), async () => {
    const server = await postgres.start();
    const pool = new pg.Pool({ connectionString: server.url });
    pool.on('error', () => {});
    return {
      database: pgDatabase(pool),
      closePool: () => pool.end(),
      [Symbol.asyncDispose]: async () => {
        if (!pool.ended) await pool.end();
        await server[Symbol.asyncDispose]();
      },
    };
  });
});

describe.skipIf(mysql.reason !== undefined)(mysql.titled('a relay'), () => {
  describeBadRows('MySQL or MariaDB', mysqlOutboxStore(), async () => {
    const server = await mysql.start();
    const pool = createPool({ uri: server.url });
    let ended: Promise<void> | undefined;
    const closePool = () => {
      ended ??= pool.end(); // its second call rejects
      return ended;
    };
    return {
      database: mysql2Database(pool),
      closePool,
      [Symbol.asyncDispose]: async () => {
        await closePool();
        await server[Symbol.asyncDispose]();
      },
    };
  });
});
