import { type MysqlServer, mysqlOrReason } from '@openedx-ts/brokers';
import { mysql2Database, mysql2Executor } from '@openedx-ts/events-sql';
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from './inbox-contract.test-support.js';
import { sqlInbox } from './sql-inbox.js';
import { describeSqlInbox } from './sql-inbox-contract.test-support.js';

const mysql = await mysqlOrReason({ own: true });

describe.skipIf(mysql.reason !== undefined)(mysql.titled('sqlInbox on MySQL or MariaDB'), () => {
  let server: MysqlServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await mysql.start();
    pool = createPool(server.url);
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  describeSqlInbox<PoolConnection>(() => mysql2Database(pool), mysql2Executor);

  it('distinguishes keys that are equal for the first 70,000 characters', async () => {
    const source = 'x'.repeat(70_000);
    const inbox = sqlInbox(mysql2Database(pool));
    for (const id of ['1', '2']) expect(await inbox.handle({ ...newKey(), source, id }, () => {})).toBe(true);
  });

  it('names the receiver whose statement made the database commit before its end', async () => {
    const inbox = sqlInbox(mysql2Database(pool));
    const key = newKey();
    const careless = inbox.handle(key, (connection) => connection.query('CREATE TABLE too_early (n int)'));
    await expect(careless).rejects.toThrow(/^receiver r: .+ CREATE TABLE/);
  });
});
