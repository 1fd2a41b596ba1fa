import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { pgDatabase, pgExecutor } from '@openedx-ts/events-sql';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { outboxAdmin } from '../../admin/outbox-admin.js';
import { entryFor } from '../entry.test-support.js';
import type { OutboxEntry } from '../outbox-entry.js';
import type { Queryable } from '../queryable.js';
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
      { timeout: 60_000, interval: 5 },
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

  it.each([
    ['before statistics exist', false],
    ['with statistics of an empty topic', true],
  ])('reads and removes a page of a backlog without reading the backlog, %s', async (_, isAnalyzed) => {
    await fillBacklog({ isAnalyzed });
    const page = { topic: 'zz', after: 0n, maxRows: 500, maxBytes: 1e9 };
    const first = await store.readPending(pgDatabase(pool), { ...page, except: [], holdParkedKeys: false });
    const except = first.map(({ position }) => position);
    const published = first.map((entry) => ({ ...entry, busPosition: '0:0' }));
    const rows = {
      read: await rowsRead((db) => store.readPending(db, { ...page, except: [], holdParkedKeys: false })),
      except: await rowsRead((db) => store.readPending(db, { ...page, except, holdParkedKeys: false })),
      held: await rowsRead((db) => store.readPending(db, { ...page, except, holdParkedKeys: true })),
      topics: await rowsRead((db) => store.topics(db, new Map([['mm', 10n ** 9n]]))),
      removed: await rowsRead((db) => store.removePublished(db, 'zz', published, { keep: false })),
      kept: await rowsRead((db) => store.removePublished(db, 'zz', published, { keep: true })),
    };
    for (const [name, count] of Object.entries(rows)) expect(count, name).toBeLessThan(2_100);
  });

  it('passes over a thousand entries in flight by few scans, not by one for each', async () => {
    await fillBacklog({ isAnalyzed: false });
    const page = { topic: 'zz', after: 0n, maxBytes: 1e9, except: [], holdParkedKeys: false };
    const inFlight = await store.readPending(pgDatabase(pool), { ...page, maxRows: 1_000 });
    const except = inFlight.map(({ position }) => position);
    const read = (db: Queryable) => store.readPending(db, { ...page, maxRows: 500, except });
    expect(await inPlan(read, scansOf)).toBeLessThan(10);
    const positions = (await read(pgDatabase(pool))).map(({ position }) => position);
    const last = except.at(-1) as bigint;
    expect(positions).toEqual(Array.from({ length: 500 }, (_, index) => last + BigInt(index) + 1n));
  });

  it('reads a page in order although its entries lie far apart', async () => {
    await fillBacklog({ isAnalyzed: false });
    await pool.query('DELETE FROM store_test.event_outbox WHERE position % 2500 <> 1');
    const read = await pending('zz');
    expect(read.map(({ position }) => position)).toEqual([
      2_501n,
      5_001n,
      7_501n,
      10_001n,
      12_501n,
      15_001n,
      17_501n,
      20_001n,
      22_501n,
      25_001n,
      27_501n,
      30_001n,
    ]);
  });

  it('refuses bytes that a type parser of pg has changed, so that no row is parked for it', async () => {
    await pgDatabase(pool).transaction((_, executor) => store.append(executor, [entryFor('t', 'k')]));
    const asText = new pg.Client({
      connectionString: server.url,
      types: { getTypeParser: (oid: number) => (oid === 17 ? String : pg.types.getTypeParser(oid)) } as never,
    });
    clients.push(asText);
    await asText.connect();
    const page = { topic: 't', after: 0n, maxRows: 1, maxBytes: 1e9, except: [], holdParkedKeys: false };
    await expect(store.readPending(pgExecutor(asText), page)).rejects.toThrow(
      /database: its library returns the bytes of column key_bytes as string: remove .* type parser of pg/,
    );
  });

  it('finds that nothing is old enough to be purged without reading what is kept', async () => {
    await keepPublished(2_000);
    const purge = (db: Queryable) => store.purgePublished(db, { olderThanMs: 3_600_000, maxRows: 1_000 });
    expect(await inPlan(purge, rowsOf)).toBe(0);
  });

  it.each([Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    'purges nothing that was published less than %s ms ago',
    async (olderThanMs) => {
      await keepPublished(1);
      expect(await outboxAdmin(pgDatabase(pool), store).purge({ olderThanMs })).toBe(0);
    },
  );

  async function keepPublished(count: number): Promise<void> {
    await pool.query(
      `INSERT INTO store_test.event_outbox_published (topic, position, lane, event_type, event_id, event_key, key_bytes,
  key_schema, record, record_schema, metadata, appended_at, bus_position)
SELECT 't', n, 1, 'e', gen_random_uuid(), 'k', '', '', '', '', '', now(), '0:1' FROM generate_series(1, $1) AS n`,
      [count],
    );
    await pool.query('ANALYZE store_test.event_outbox_published');
  }

  /** A topic with 30,000 entries, behind one of 2,000; statistics are from before the 30,000. */
  async function fillBacklog({ isAnalyzed }: { readonly isAnalyzed: boolean }): Promise<void> {
    const copy = `INSERT INTO store_test.event_outbox (topic, lane, event_type, event_id, event_key, key_bytes, key_schema, record, record_schema, metadata)
SELECT 'CALLED', lane, event_type, gen_random_uuid(), event_key, key_bytes, key_schema, record, record_schema, metadata
FROM store_test.event_outbox, generate_series(1, COUNTED) LIMIT COUNTED`;
    const fill = (topic: string, count: number) =>
      pool.query(copy.replaceAll('CALLED', topic).replaceAll('COUNTED', String(count)));
    await pgDatabase(pool).transaction((__, executor) =>
      store.append(executor, [entryFor('aa', 'k'), entryFor('zz', 'k')]),
    );
    await fill('mm', 2_000);
    if (isAnalyzed) await pool.query('ANALYZE store_test.event_outbox');
    await fill('zz', 30_000);
  }

  /** How many rows of pending entries the plans of statements read. */
  function rowsRead(run: (queryable: Queryable) => Promise<unknown>): Promise<number> {
    return inPlan(run, rowsOf);
  }

  /** Adds up what a function finds in the plans of statements. */
  async function inPlan(
    run: (queryable: Queryable) => Promise<unknown>,
    countIn: (node: PlanNode) => number,
  ): Promise<number> {
    let count = 0;
    const explaining: Queryable = {
      dialect: 'postgres',
      query: async (text, values = []) => {
        const { rows } = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
        count += countIn(rows[0]['QUERY PLAN'][0].Plan);
        return { rows: [], rowCount: 0 };
      },
    };
    await run(explaining);
    return count;
  }
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function rowsOf(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, plan) => sum + rowsOf(plan), isScan(node) ? own : 0);
}

function scansOf(node: PlanNode): number {
  return (node.Plans ?? []).reduce(
    (sum, plan) => sum + scansOf(plan),
    isScan(node) ? node['Actual Loops'] : 0,
  );
}

function isScan(node: PlanNode): boolean {
  return node['Relation Name']?.startsWith('event_outbox') === true && node['Node Type'].endsWith('Scan');
}
