import { randomUUID } from 'node:crypto';
import type { PostgresServer } from '@openedx-ts/brokers';
import { postgresOutboxStore } from '@openedx-ts/events-outbox';
import { pgDatabase, pgExecutor } from '@openedx-ts/events-sql';
import type { OutboxStoreHarness } from '@openedx-ts/events-testing/outbox-conformance';
import pg from 'pg';

/** The harness of PostgreSQL: a database of its own, since advisory locks are those of one database. */
export function postgresStoreHarness(start: () => Promise<PostgresServer>): OutboxStoreHarness {
  const name = `outbox_${randomUUID().slice(0, 8)}`;
  let server: PostgresServer;
  let admin: pg.Pool;
  let pool: pg.Pool;
  return {
    name: 'PostgreSQL',
    store: postgresOutboxStore(),
    table: 'event_outbox',
    open: async () => {
      server = await start();
      admin = new pg.Pool({ connectionString: server.url, max: 2 });
      await admin.query(`CREATE DATABASE ${name}`);
      pool = new pg.Pool({ connectionString: urlOf(server, name), max: 16 });
      pool.on('error', ignore); // of connections that close while the database is dropped
    },
    close: async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
    database: () => pgDatabase(pool),
    connect: async () => {
      const client = new pg.Client(urlOf(server, name));
      client.on('error', ignore); // of a statement that is cut off
      await client.connect();
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      const blocked = 'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked';
      return {
        executor: pgExecutor(client),
        isBlocked: async () => (await admin.query(blocked, [rows[0].pid])).rows[0].blocked,
        close: async () => {
          await admin.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
          await client.end().catch(() => {});
        },
      };
    },
  };
}

const ignore = () => {};

function urlOf(server: PostgresServer, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}
