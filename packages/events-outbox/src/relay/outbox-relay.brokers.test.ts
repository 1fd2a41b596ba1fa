import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { configureEvents } from '@openedx-ts/events-core';
import { pgDatabase, type SqlDatabase } from '@openedx-ts/events-sql';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { postgresOutboxStore } from '../store/postgres/postgres-outbox-store.js';
import { OutboxRelay } from './outbox-relay.js';
import type { RelayOptions } from './relay-options.js';
import { textEntry, textSchema } from './text-entry.test-support.js';

const postgres = await postgresOrReason({ own: true });
const store = postgresOutboxStore();

describe.skipIf(postgres.reason !== undefined)(postgres.titled('OutboxRelay on PostgreSQL'), () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let broker: MemoryBroker;
  let producer: MemoryEventBusProducer;
  let relays: OutboxRelay[];
  beforeAll(async () => {
    server = await postgres.start();
    pool = new pg.Pool({ connectionString: server.url, max: 30 });
    pool.on('error', () => {});
    await store.migrate(pgDatabase(pool));
    await store.storeSchemas(pgDatabase(pool), [textSchema]);
    await pool.query('CREATE TABLE counters (key text PRIMARY KEY, n int NOT NULL)');
  });
  beforeEach(async () => {
    await pool.query('TRUNCATE event_outbox, event_outbox_parked, counters');
    await pool.query(`INSERT INTO counters SELECT 'k' || i, 0 FROM generate_series(0, ${KEYS - 1}) AS i`);
    broker = new MemoryBroker();
    producer = newProducer();
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.close()));
    await producer.close();
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  const newProducer = () => new MemoryEventBusProducer({ broker });

  function start(options: RelayOptions = {}, database: SqlDatabase<unknown> = pgDatabase(pool)): OutboxRelay {
    const relay = new OutboxRelay({ database, store, producer, options });
    relays.push(relay);
    void relay.run();
    return relay;
  }

  /** Writes events of random keys as transactions of several connections; a fifth is rolled back. */
  async function write(transactions: number): Promise<void> {
    let left = transactions;
    const writer = async () => {
      while (left > 0) {
        left -= 1;
        const key = `k${Math.floor(Math.random() * KEYS)}`;
        const isRolledBack = Math.random() < 0.2;
        await pgDatabase(pool)
          .transaction(async (client, executor) => {
            const { rows } = await client.query('UPDATE counters SET n = n + 1 WHERE key = $1 RETURNING n', [
              key,
            ]);
            await store.append(executor, [textEntry('orders', key, `${key}:${rows[0].n}`)]);
            if (isRolledBack) throw new Error('rolled back');
          })
          .catch(() => {});
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
  }

  /** What was published first of each number, by key. */
  function published(): {
    readonly byKey: ReadonlyMap<string, readonly number[]>;
    readonly duplicates: number;
  } {
    const byKey = new Map<string, number[]>();
    let duplicates = 0;
    for (const { value } of broker.messages('orders')) {
      const text = Buffer.from(value ?? [])
        .subarray(6)
        .toString(); // frame and length
      const [key = '', n] = text.split(':');
      const numbers = byKey.get(key) ?? [];
      if (numbers.includes(Number(n))) duplicates += 1;
      else numbers.push(Number(n));
      byKey.set(key, numbers);
    }
    return { byKey, duplicates };
  }

  async function untilAllPublished(): Promise<void> {
    await vi.waitFor(
      async () => {
        const { rows } = await pool.query('SELECT count(*)::int AS pending FROM event_outbox');
        expect(rows[0].pending).toBe(0);
      },
      { timeout: 40_000, interval: 50 },
    );
  }

  /** Every committed number of each key, each first published in the order of commits, and none besides. */
  async function expectOrder(): Promise<void> {
    const { rows } = await pool.query('SELECT key, n FROM counters WHERE n > 0');
    const expected = rows.map(({ key, n }) => [key, Array.from({ length: n }, (_, index) => index + 1)]);
    expect(Object.fromEntries(published().byKey)).toEqual(Object.fromEntries(expected));
  }

  it('publishes what concurrent transactions committed, in the order of each key, and once', async () => {
    start({ maxBatchRows: 7 });
    await write(800);
    await untilAllPublished();
    await expectOrder();
    expect(published().duplicates).toBe(0);
  });

  it('takes over from a relay that dies in the middle: nothing is lost, and no order changes', async () => {
    const dying = mortal(pgDatabase(pool));
    start({ leaseMs: 1_000, maxBatchRows: 20 }, dying.database);
    const writing = write(600);
    await vi.waitFor(() => expect(published().byKey.size).toBeGreaterThan(10), { timeout: 20_000 });
    dying.die();
    start({ leaseMs: 1_000, maxBatchRows: 20 });
    await writing;
    await untilAllPublished();
    await expectOrder();
    expect(published().duplicates).toBeLessThanOrEqual(40);
  });

  it('publishes nothing after it was frozen longer than its lease, and lets another relay go on', async () => {
    const frozen = mortal(pgDatabase(pool));
    start({ leaseMs: 1_000, maxBatchRows: 20 }, frozen.database);
    const writing = write(300);
    await vi.waitFor(() => expect(published().byKey.size).toBeGreaterThan(5), { timeout: 20_000 });
    frozen.die();
    start({ leaseMs: 1_000, maxBatchRows: 20 });
    await writing;
    await untilAllPublished();
    frozen.revive();
    await write(50);
    await untilAllPublished();
    await expectOrder();
    expect(published().duplicates).toBeLessThanOrEqual(40);
  });

  it('publishes everything in order when PostgreSQL is killed in the middle', async () => {
    start({ maxBatchRows: 20 });
    const writing = write(400);
    await vi.waitFor(() => expect(published().byKey.size).toBeGreaterThan(5), { timeout: 20_000 });
    await server.kill();
    await server.start();
    await writing;
    await write(200);
    await untilAllPublished();
    await expectOrder();
    expect(published().duplicates).toBeLessThanOrEqual(40);
  });

  it('keeps everything while the broker is unreachable, and publishes it in order when it is back', async () => {
    using _ = configureEvents({ logger: silent });
    const relay = start({ maxBatchRows: 50 });
    await write(100);
    broker.stop();
    await write(200);
    await vi.waitFor(() => expect(relay.health().ready).toBe(false), { timeout: 20_000 });
    expect(relay.health().reasons[0]).toMatch(/^topic orders: /);
    broker.start();
    await untilAllPublished();
    await expectOrder();
    expect(relay.health()).toEqual({ live: true, ready: true, reasons: [] });
  });

  it('parks a row that was changed by hand, and publishes the others', async () => {
    using _ = configureEvents({ logger: silent });
    await write(20);
    const { rows } = await pool.query('SELECT min(position)::text AS first FROM event_outbox');
    await pool.query("UPDATE event_outbox SET metadata = '{' WHERE position = $1", [rows[0].first]);
    start();
    await untilAllPublished();
    const { rows: parked } = await pool.query('SELECT position::text, code, reason FROM event_outbox_parked');
    expect(parked).toEqual([
      {
        position: rows[0].first,
        code: 'EVENTS_OUTBOX_UNUSABLE_ENTRY',
        reason: expect.stringContaining('its metadata is no JSON'),
      },
    ]);
  });
});

const KEYS = 40;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A database whose answers stop coming, as for a process that is killed or frozen. */
function mortal(database: SqlDatabase<unknown>) {
  let gate: Promise<void> | undefined;
  let open: (() => void) | undefined;
  const pass = async <T>(work: () => Promise<T>): Promise<T> => {
    await gate;
    const result = await work();
    await gate;
    return result;
  };
  return {
    database: {
      dialect: database.dialect,
      query: (text, values) => pass(() => database.query(text, values)),
      transaction: (work) => pass(() => database.transaction(work)),
    } satisfies SqlDatabase<unknown> as SqlDatabase<unknown>,
    die: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    revive: () => {
      gate = undefined;
      open?.();
    },
  };
}
