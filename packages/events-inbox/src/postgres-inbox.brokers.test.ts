import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { InfrastructureError } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeInbox, newKey } from './inbox-contract.test-support.js';
import { postgresInbox, postgresInboxTable } from './postgres-inbox.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('postgresInbox'), () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await postgres.start();
    pool = new pg.Pool({ connectionString: server.url });
    pool.on('error', () => {});
    await pool.query('CREATE TABLE effects (n int)');
    await pool.query(postgresInboxTable());
    await pool.query(postgresInboxTable());
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(() => pool.query('TRUNCATE effects'));

  const effects = async () => (await pool.query('SELECT n FROM effects')).rowCount;

  describeInbox(() => postgresInbox(pool));

  it('passes its transaction to the receiver: a receiver that fails has no effect, and one that succeeds has one', async () => {
    const inbox = postgresInbox(pool);
    const key = newKey();
    const failing = inbox.handle(key, async (client) => {
      await client.query('INSERT INTO effects VALUES (1)');
      throw new Error('after the effect');
    });
    await expect(failing).rejects.toThrow('after the effect');
    expect(await effects()).toBe(0);
    const effect = (client: pg.PoolClient) => client.query('INSERT INTO effects VALUES (1)');
    await inbox.handle(key, effect);
    await inbox.handle(key, effect);
    expect(await effects()).toBe(1);
  });

  it('does not remember an event whose transaction PostgreSQL has aborted', async () => {
    const inbox = postgresInbox(pool);
    const key = newKey();
    const careless = inbox.handle(key, async (client) => {
      await client.query('INSERT INTO effects VALUES (1)');
      await client.query('SELECT * FROM nowhere').catch(() => {});
    });
    await expect(careless).rejects.toThrow('a statement of receiver r failed and the receiver ignored it');
    expect(await inbox.handle(key, () => {})).toBe(true);
    expect(await effects()).toBe(0);
  });

  it('has the whole effect or none when the server dies in between', async () => {
    const inbox = postgresInbox(pool);
    const key = newKey();
    const interrupted = inbox.handle(key, async (client) => {
      await client.query('INSERT INTO effects VALUES (1)');
      await server.kill();
      await server.start();
    });
    await expect(interrupted).rejects.toThrow(InfrastructureError);
    const again = inbox.handle(key, (client) => client.query('INSERT INTO effects VALUES (1)'));
    expect(await again).toBe(true);
    expect(await effects()).toBe(1);
  });

  it('forgets events older than ttlMs', async () => {
    const inbox = postgresInbox(pool, { ttlMs: 0 });
    const key = newKey();
    await inbox.handle(key, () => {});
    expect(await postgresInbox(pool, { ttlMs: 0 }).handle(key, () => {})).toBe(true);
  });

  it('lets the consumer try again when the wait for another delivery exceeds statement_timeout', async () => {
    const hasty = new pg.Pool({ connectionString: server.url, statement_timeout: 200 });
    const key = newKey();
    const [started, go] = [deferred(), deferred()];
    const first = postgresInbox(pool).handle(key, () => {
      started.resolve();
      return go.promise;
    });
    try {
      await started.promise;
      const second = postgresInbox(hasty).handle(key, () => {});
      await expect(second).rejects.toThrow(InfrastructureError);
      await expect(second).rejects.toThrow(/being processed by another delivery/);
    } finally {
      go.resolve();
      expect(await first).toBe(true);
      await hasty.end();
    }
  });

  it('names the table that is missing', async () => {
    const inbox = postgresInbox(pool, { table: 'not_there' });
    await expect(inbox.handle(newKey(), () => {})).rejects.toThrow(/"not_there" does not exist/);
  });

  it('refuses a table name that is not plain', () => {
    expect(() => postgresInbox(pool, { table: 'a; DROP TABLE b' })).toThrow(/must be a plain name/);
    expect(() => postgresInboxTable('a b')).toThrow(/must be a plain name/);
  });
});
