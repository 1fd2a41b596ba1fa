import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { MysqlServer } from '@openedx-ts/brokers';
import { mysqlOutboxStore } from '@openedx-ts/events-outbox';
import { mysql2Database, mysql2Executor } from '@openedx-ts/events-sql';
import type { OutboxStoreHarness } from '@openedx-ts/events-testing/outbox-conformance';
import { createConnection, createPool, type Pool, type RowDataPacket } from 'mysql2/promise';

/** The isolation levels under which the outbox works. */
export type MysqlIsolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** The harness of MySQL and MariaDB. */
export function mysqlStoreHarness(
  start: () => Promise<MysqlServer>,
  isolation: MysqlIsolation = 'REPEATABLE READ',
): OutboxStoreHarness {
  const name = `outbox_${randomUUID().slice(0, 8)}`;
  const setIsolation = `SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`;
  let server: MysqlServer;
  let admin: Pool;
  let pool: Pool;
  return {
    name: `MySQL or MariaDB, ${isolation}`,
    store: mysqlOutboxStore(),
    table: 'event_outbox',
    open: async () => {
      server = await start();
      admin = createPool({ uri: server.url, connectionLimit: 2 });
      await admin.query(`CREATE DATABASE ${name}`);
      pool = createPool({ uri: urlOf(server, name), connectionLimit: 16 });
      pool.pool.on('connection', (connection) => void connection.query(setIsolation));
    },
    close: async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
    database: () => mysql2Database(pool),
    connect: async () => {
      const connection = await createConnection(urlOf(server, name));
      connection.on('error', () => {}); // of a statement that is cut off
      await connection.query(setIsolation);
      const blocked =
        "SELECT 1 FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ? AND trx_state = 'LOCK WAIT'";
      return {
        executor: mysql2Executor(connection),
        isBlocked: async () => {
          await setTimeout(150); // InnoDB renews this table only when nobody has looked for 0.1 seconds
          return (await admin.query<RowDataPacket[]>(blocked, [connection.threadId]))[0].length > 0;
        },
        close: async () => {
          await admin.query(`KILL ${connection.threadId}`).catch(() => {}); // it may have ended
          connection.destroy();
        },
      };
    },
  };
}

function urlOf(server: MysqlServer, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}
