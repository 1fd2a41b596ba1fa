import { type PostgresServer, postgresOrReason, postgresToolsOrReason } from '@openedx-ts/brokers';
import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { deferred } from '@openedx-ts/events-core/bus';
import { pgDatabase } from '@openedx-ts/events-sql';
import pg from 'pg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { OutboxRelay } from '../relay/outbox-relay.js';
import { textEntry, textSchema } from '../relay/text-entry.test-support.js';
import { postgresOutboxStore } from './postgres/postgres-outbox-store.js';

const postgres = await postgresOrReason({ own: true });
const tools = await postgresToolsOrReason();

describe.skipIf(postgres.reason !== undefined || tools.reason !== undefined)(
  tools.titled(postgres.titled('an outbox that pg_dump copies to another server')),
  () => {
    const store = postgresOutboxStore();
    const opened: AsyncDisposable[] = [];
    afterAll(async () => {
      for (const one of opened.reverse()) await one[Symbol.asyncDispose]();
    });
    const open = async () => {
      const server: PostgresServer = await postgres.start();
      const pool = new pg.Pool({ connectionString: server.url });
      pool.on('error', () => {});
      opened.push(server, { [Symbol.asyncDispose]: () => pool.end() });
      return { url: server.url, pool, database: pgDatabase(pool) };
    };
    type Opened = Awaited<ReturnType<typeof open>>;

    /** Commits an event of a key with the next number of this key, which is the truth. */
    const write = ({ database }: Opened, key: string, rows = 1) =>
      database.transaction(async (client, executor) => {
        const { rows: counted } = await client.query(
          'UPDATE counters SET n = n + $2 WHERE k = $1 RETURNING n',
          [key, rows],
        );
        const last = Number(counted[0].n);
        const entries = Array.from({ length: rows }, (_, index) =>
          textEntry('orders', key, `${key}:${last - rows + 1 + index}`),
        );
        await store.append(executor, entries);
      });

    it('loses none of 10,000 pending events, beside new ones, and keeps the order of each key', async () => {
      const [old, fresh] = await Promise.all([open(), open()]);
      await store.migrate(old.database);
      await store.storeSchemas(old.database, [textSchema]);
      await old.pool.query('CREATE TABLE counters (k text PRIMARY KEY, n int NOT NULL)');
      await old.pool.query("INSERT INTO counters SELECT 'k' || i, 0 FROM generate_series(0, 99) AS i");
      for (const key of keys) await write(old, key, 100);

      const dumped = deferred();
      let isDumped = false;
      const writingOld = Promise.all(
        keys.slice(0, 4).map(async (key) => {
          while (!isDumped) await write(old, key);
        }),
      );
      const dump = (await tools.start()).dump(old.url);
      dump.finally(dumped.resolve).catch(() => {});
      await dumped.promise;
      isDumped = true;
      await writingOld;
      await (await tools.start()).restore(fresh.url, await dump);

      const broker = new MemoryBroker({ retainedMessages: 100_000 });
      const producer = new MemoryEventBusProducer({ broker });
      const relay = new OutboxRelay({ database: fresh.database, store, producer });
      const running = relay.run();
      const writeFresh = async (key: string) => {
        for (let left = 20; left > 0; left -= 1) await write(fresh, key);
      };
      await Promise.all(keys.slice(0, 8).map(writeFresh));
      await vi.waitFor(
        async () =>
          expect((await fresh.pool.query('SELECT count(*) AS n FROM event_outbox')).rows).toEqual([
            { n: '0' },
          ]),
        { timeout: 240_000, interval: 100 },
      );
      await relay.close();
      await running;
      await producer.close();

      const published = new Map<string, number[]>();
      for (const { value } of broker.messages('orders')) {
        const [key = '', n] = Buffer.from(value ?? [])
          .subarray(6)
          .toString()
          .split(':'); // frame and length
        published.set(key, [...(published.get(key) ?? []), Number(n)]);
      }
      const { rows } = await fresh.pool.query('SELECT k, n FROM counters');
      const expected = rows.map(({ k, n }) => [
        k,
        Array.from({ length: Number(n) }, (_, index) => index + 1),
      ]);
      expect(Object.fromEntries(published)).toEqual(Object.fromEntries(expected));
      expect(broker.messages('orders').length).toBeGreaterThanOrEqual(10_160);
    });
  },
);

const keys = Array.from({ length: 100 }, (_, index) => `k${index}`);
