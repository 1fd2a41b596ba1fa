import { postgresOrReason } from '@openedx-ts/brokers';
import { pgDatabase } from '@openedx-ts/events-sql';
import pg from 'pg';
import { describe } from 'vitest';
import { postgresOutboxStore } from '../store/postgres/postgres-outbox-store.js';
import { describeRelay } from './describe-relay.test-support.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('a real PostgreSQL'), () => {
  describeRelay('PostgreSQL', postgresOutboxStore(), async () => {
    const server = await postgres.start();
    const pool = new pg.Pool({ connectionString: server.url, max: 30 });
    pool.on('error', () => {});
    return {
      server,
      database: pgDatabase(pool),
      [Symbol.asyncDispose]: async () => {
        await pool.end();
        await server[Symbol.asyncDispose]();
      },
    };
  });
});
