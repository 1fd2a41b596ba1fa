import {
  freePort,
  type MysqlServer,
  mysqlOrReason,
  type PostgresServer,
  postgresOrReason,
} from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { mysql2Database, pgDatabase } from '@openedx-ts/events-sql';
import { createPool, type Pool } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.test-support.js';
import { describeOutboxCommands } from './describe-outbox-commands.test-support.js';

const postgres = await postgresOrReason({ own: true });
const mysql = await mysqlOrReason({ own: true });
const restore = snapshotSignals();
afterAll(restore);

describe.skipIf(postgres.reason !== undefined)(postgres.titled('outbox commands'), () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await postgres.start();
    pool = new pg.Pool({ connectionString: server.url });
    pool.on('error', () => {});
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });
  describeOutboxCommands('on PostgreSQL', () => ({ url: server.url, database: pgDatabase(pool) }));
});

describe.skipIf(mysql.reason !== undefined)(mysql.titled('outbox commands'), () => {
  let server: MysqlServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await mysql.start();
    pool = createPool({ uri: server.url });
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });
  describeOutboxCommands('on MySQL', () => ({ url: server.url, database: mysql2Database(pool) }));
});

describe('outbox commands', () => {
  it.each(['postgres', 'mysql'])('end with 3 when no %s answers', async (scheme) => {
    const url = `${scheme}://ann:hidden-word@127.0.0.1:${await freePort()}/lms`;
    for (const command of ['status', 'migrate', 'show']) {
      const { code, stdout, stderr } = await run(['outbox', command, '--database', url]);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain(
        'the database failed: it is unreachable (ECONNREFUSED) [EVENTS_INFRASTRUCTURE]',
      );
      expect(stderr).not.toContain('hidden-word');
    }
  });
});
