import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { pgDatabase, pgExecutor } from '@openedx-ts/events-sql';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { entryFor } from '../entry.test-support.js';
import type { OutboxEntry } from '../outbox-entry.js';
import { postgresOutboxStore } from './postgres-outbox-store.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('postgresOutboxStore'), () => {
  const store = postgresOutboxStore({ table: 'store_test.event_outbox' });
  const clients: pg.Client[] = [];
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await postgres.start();
    pool = new pg.Pool({ connectionString: server.url, max: 16 });
    pool.on('error', () => {});
  });
  beforeEach(async () => {
    await pool.query('DROP SCHEMA IF EXISTS store_test CASCADE');
    await pool.query('CREATE SCHEMA store_test');
    await store.migrate(pgDatabase(pool));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });
  afterAll(async () => {
    await pool.query('DROP SCHEMA IF EXISTS store_test CASCADE');
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  const connect = async () => {
    const client = new pg.Client(server.url);
    await client.connect();
    clients.push(client);
    return client;
  };
  const openTransaction = async () => {
    const client = await connect();
    await client.query('BEGIN');
    return client;
  };
  const append = (client: pg.Client, ...entries: readonly OutboxEntry[]) =>
    store.append(pgExecutor(client), entries);
  const pending = (topic: string) =>
    store.readPending(pgDatabase(pool), {
      topic,
      after: 0n,
      maxRows: 1_000,
      maxBytes: 1e9,
      except: [],
      holdParkedKeys: false,
    });
  const lastPosition = async () => {
    const { rows } = await pool.query(
      `SELECT last_value, is_called FROM ${
        (await pool.query(`SELECT pg_get_serial_sequence('store_test.event_outbox', 'position') AS name`))
          .rows[0].name
      }`,
    );
    return rows[0].is_called ? Number(rows[0].last_value) : 0;
  };
  /** Waits until a connection waits for a lock of another. */
  const untilBlocked = async (client: pg.Client) => {
    const { processID } = client as pg.Client & { readonly processID: number };
    await vi.waitFor(
      async () => {
        const { rows } = await pool.query('SELECT cardinality(pg_blocking_pids($1)) AS count', [processID]);
        expect(rows[0].count).toBe(1);
      },
      { timeout: 20_000, interval: 5 },
    );
  };

  it.each([
    ['one entry', 1],
    ['several entries', 3],
  ])(
    'draws no position for %s before the lanes are locked, whatever the planner prefers',
    async (_, count) => {
      const others = Array.from({ length: count - 1 }, (_, index) => entryFor('t', `other ${index}`));
      const first = await openTransaction();
      await append(first, entryFor('t', 'hot'));
      const second = await connect();
      for (const setting of ['enable_nestloop', 'enable_material', 'enable_sort', 'enable_hashjoin', 'jit'])
        await second.query(`SET ${setting} = off`);
      const { rows } = await second.query('SHOW server_version_num');
      const isOld = Number(rows[0].server_version_num) < 160_000;
      await second.query(`SET ${isOld ? 'force_parallel_mode' : 'debug_parallel_query'} = on`);
      await second.query('BEGIN');
      const before = await lastPosition();
      const appended = append(second, ...others, entryFor('t', 'hot'));
      await untilBlocked(second);
      expect(await lastPosition()).toBe(before);
      await first.query('COMMIT');
      await appended;
      await second.query('COMMIT');
      expect((await pending('t')).map(({ key }) => key)).toEqual([
        'hot',
        ...others.map(({ key }) => key),
        'hot',
      ]);
    },
  );

  it('locks at most 1,024 lanes, for any number of keys', async () => {
    const entries = Array.from({ length: 12_000 }, (_, index) =>
      entryFor('many', `key ${index}`, { record: Uint8Array.of(1) }),
    );
    const client = await openTransaction();
    await append(client, ...entries);
    const { rows } = await client.query(
      `SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`,
    );
    expect(rows[0].locks).toBe(1_024);
    await client.query('COMMIT');
  });

  it('an open transaction that found no tables finds those that another process has created since', async () => {
    await pool.query('DROP SCHEMA store_test CASCADE');
    await pool.query('CREATE SCHEMA store_test');
    const waiting = pgExecutor(await openTransaction());
    await expect(store.checkVersion(waiting)).rejects.toMatchObject({ reason: 'missing' });
    await store.migrate(pgDatabase(pool));
    await store.checkVersion(waiting);
  });
});
