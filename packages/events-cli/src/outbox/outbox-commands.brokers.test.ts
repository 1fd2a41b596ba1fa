import {
  freePort,
  type MysqlServer,
  mysqlOrReason,
  type PostgresServer,
  postgresOrReason,
} from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { outboxAdmin, postgresOutboxStore } from '@openedx-ts/events-outbox';
import { mysql2Database, pgDatabase } from '@openedx-ts/events-sql';
import { createPool, type Pool } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.test-support.js';
import { describeOutboxCommands } from './describe-outbox-commands.test-support.js';
import { describeOutboxDoctor } from './describe-outbox-doctor.test-support.js';

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
  const target = () => ({ url: server.url, database: pgDatabase(pool) });
  describeOutboxCommands('on PostgreSQL', target);
  describeOutboxDoctor('on PostgreSQL', target);

  it('doctor names a snapshot that is open for long, and roles whose commits are not durable', async () => {
    const store = postgresOutboxStore();
    await store.migrate(pgDatabase(pool));
    await pool.query('CREATE ROLE hasty LOGIN');
    await pool.query('ALTER ROLE hasty SET synchronous_commit = off');
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      const findings = await outboxAdmin(pgDatabase(pool), store).diagnose({ longSnapshotMs: 0 });
      expect(findings).toContainEqual({
        subject: 'outbox snapshots',
        verdict: 'warning',
        message: expect.stringContaining(`a snapshot of process ${rows[0].pid} (role postgres`),
        cure: `end that transaction, e.g. by SELECT pg_terminate_backend(${rows[0].pid})`,
      });
      expect(findings).toContainEqual({
        subject: 'outbox durability',
        verdict: 'warning',
        message: expect.stringContaining('synchronous_commit is off for role hasty'),
        cure: expect.stringContaining('ALTER ROLE "hasty" RESET synchronous_commit'),
      });
    } finally {
      await client.query('ROLLBACK');
      client.release();
      await pool.query('DROP ROLE hasty');
    }
  });
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
  const target = () => ({ url: server.url, database: mysql2Database(pool) });
  describeOutboxCommands('on MySQL', target);
  describeOutboxDoctor('on MySQL', target);
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

  it('doctor ends with 3 when the database does not answer', async () => {
    const url = `postgres://ann:hidden-word@127.0.0.1:${await freePort()}/lms`;
    const bus = ['--bus', './memory-bus.test-support.ts'];
    const { code, stdout } = await run(['doctor', ...bus, '--database', url]);
    expect(code).toBe(3);
    expect(stdout).toContain('outbox database: the database failed: it is unreachable (ECONNREFUSED)');
    expect(stdout).not.toContain('hidden-word');
  });
});
