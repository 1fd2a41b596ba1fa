import type { ControllableServer } from '@openedx-ts/brokers';
import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { configureEvents } from '@openedx-ts/events-core';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutboxStore } from '../store/outbox-store.js';
import { OutboxRelay } from './outbox-relay.js';
import type { RelayOptions } from './relay-options.js';
import { textEntry, textSchema } from './text-entry.test-support.js';

/** A database of its own, with its server. */
export interface RelayService extends AsyncDisposable {
  readonly server: Pick<ControllableServer, 'kill' | 'start'>;
  readonly database: SqlDatabase<unknown>;
}

/** Tests a relay on a real database: what topics of a memory bus hold is compared with what was committed. */
export function describeRelay(name: string, store: OutboxStore, open: () => Promise<RelayService>): void {
  describe(`OutboxRelay on ${name}`, () => {
    let service: RelayService;
    let broker: MemoryBroker;
    let producer: MemoryEventBusProducer;
    let relays: OutboxRelay[];
    beforeAll(async () => {
      service = await open();
      await store.migrate(database());
      await store.storeSchemas(database(), [textSchema]);
      await database().query('CREATE TABLE counters (k varchar(20) PRIMARY KEY, n int NOT NULL)');
      for (const key of keys) await database().query(`INSERT INTO counters VALUES ('${key}', 0)`);
    });
    beforeEach(async () => {
      for (const table of ['event_outbox', 'event_outbox_parked'])
        await database().query(`DELETE FROM ${table}`);
      await database().query('UPDATE counters SET n = 0');
      broker = new MemoryBroker();
      producer = new MemoryEventBusProducer({ broker });
      relays = [];
    });
    afterEach(async () => {
      await Promise.all(relays.map((relay) => relay.close()));
      await producer.close();
    });
    afterAll(() => service[Symbol.asyncDispose]());

    const database = () => service.database;

    function start(options: RelayOptions = {}, through: SqlDatabase<unknown> = database()): OutboxRelay {
      const relay = new OutboxRelay({ database: through, store, producer, options });
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
          const key = keys[Math.floor(Math.random() * keys.length)] as string;
          const isRolledBack = Math.random() < 0.2;
          await database()
            .transaction(async (_, executor) => {
              await executor.query(`UPDATE counters SET n = n + 1 WHERE k = '${key}'`);
              const { rows } = await executor.query(`SELECT n FROM counters WHERE k = '${key}'`);
              await store.append(executor, [textEntry('orders', key, `${key}:${rows[0]?.n}`)]);
              if (isRolledBack) throw new Error('rolled back');
            })
            .catch(() => {}); // also while the database is down
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
          const { rows } = await database().query('SELECT count(*) AS pending FROM event_outbox');
          expect(Number(rows[0]?.pending)).toBe(0);
        },
        { timeout: 240_000, interval: 50 },
      );
    }

    /** Every committed number of each key, each first published in the order of commits, and none besides. */
    async function expectOrder(): Promise<void> {
      const { rows } = await database().query('SELECT k, n FROM counters WHERE n > 0');
      const expected = rows.map(({ k, n }) => [
        k,
        Array.from({ length: Number(n) }, (_, index) => index + 1),
      ]);
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
      const dying = mortal(database());
      start({ leaseMs: 1_000, maxBatchRows: 20 }, dying.database);
      const writing = write(600);
      await vi.waitFor(() => expect(published().byKey.size).toBeGreaterThan(10), { timeout: 60_000 });
      dying.die();
      start({ leaseMs: 1_000, maxBatchRows: 20 });
      await writing;
      await untilAllPublished();
      await expectOrder();
      expect(published().duplicates).toBeLessThanOrEqual(40);
    });

    it('publishes nothing after it was frozen longer than its lease, and lets another relay go on', async () => {
      const frozen = mortal(database());
      start({ leaseMs: 1_000, maxBatchRows: 20 }, frozen.database);
      const writing = write(300);
      await vi.waitFor(() => expect(published().byKey.size).toBeGreaterThan(5), { timeout: 60_000 });
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

    it('publishes everything in order when the database is killed in the middle', async () => {
      start({ maxBatchRows: 20 });
      const writing = write(400);
      await vi.waitFor(() => expect(published().byKey.size).toBeGreaterThan(5), { timeout: 60_000 });
      await service.server.kill();
      await service.server.start();
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
      await vi.waitFor(() => expect(relay.health().ready).toBe(false), { timeout: 60_000 });
      expect(relay.health().reasons[0]).toMatch(/^topic orders: /);
      broker.start();
      await untilAllPublished();
      await expectOrder();
      expect(relay.health()).toEqual({ live: true, ready: true, reasons: [] });
    });

    it('parks a row that was changed by hand, and publishes the others', async () => {
      using _ = configureEvents({ logger: silent });
      await write(20);
      const { rows } = await database().query('SELECT min(position) AS first FROM event_outbox');
      const first = BigInt(rows[0]?.first as string);
      await database().query(`UPDATE event_outbox SET metadata = '{' WHERE position = ${first}`);
      start();
      await untilAllPublished();
      const page = { topic: 'orders', after: 0n, maxRows: 10, maxBytes: 1_000_000 };
      expect(await store.readParked(database(), page)).toMatchObject([
        {
          position: first,
          code: 'EVENTS_OUTBOX_UNUSABLE_ENTRY',
          reason: expect.stringContaining('its metadata is no JSON'),
        },
      ]);
    });
  });
}

const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
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
