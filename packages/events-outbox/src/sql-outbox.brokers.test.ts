import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import {
  createMetadata,
  defineSignal,
  InfrastructureError,
  route,
  startEventBus,
  string,
} from '@openedx-ts/events-core';
import { once, postgresInboxTable, sqlInbox } from '@openedx-ts/events-inbox';
import {
  drizzleDatabase,
  drizzleExecutor,
  kyselyDatabase,
  kyselyExecutor,
  pgDatabase,
  pgExecutor,
} from '@openedx-ts/events-sql';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Kysely, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOwnTransactions } from './scope/describe-own-transactions.test-support.js';
import { describeRefusedEvents } from './scope/describe-refused-events.test-support.js';
import { describeTransactions } from './scope/describe-transactions.test-support.js';
import { type LibraryUnderTest, ServiceUnderTest } from './scope/service-under-test.test-support.js';
import { sqlOutbox } from './sql-outbox.js';
import { postgresOutboxStore } from './store/postgres/postgres-outbox-store.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('sqlOutbox'), () => {
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

  const library = (): LibraryUnderTest<pg.PoolClient> => ({
    database: pgDatabase(pool),
    executorOf: pgExecutor,
    poolExecutor: pgExecutor(pool),
    startItself: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  });
  describeTransactions('on PostgreSQL', library);
  describeOwnTransactions('on PostgreSQL', library);
  describeRefusedEvents('on PostgreSQL', library);

  it('rejects a transaction whose connection is cut, and runs the next one', async () => {
    const outbox = sqlOutbox(pgDatabase(pool));
    const cut = outbox.transaction(async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await client.query('SELECT 1');
    });
    await expect(cut).rejects.toThrow(InfrastructureError);
    expect(await outbox.transaction(async (client) => (await client.query('SELECT 1')).rowCount)).toBe(1);
    await outbox.close();
  });

  describe('beside others', () => {
    const service = new ServiceUnderTest(library);

    it('keeps its transactions apart from those of another outbox, also inside one', async () => {
      const { signal } = service;
      const outbox = await service.start();
      const other = sqlOutbox(pgDatabase(pool), { store: postgresOutboxStore({ table: 'audit_outbox' }) });
      await postgresOutboxStore({ table: 'audit_outbox' }).migrate(pgDatabase(pool));
      const audit = route(signal, { topic: 'audit', eventKeyField: 'enrollment.user', mode: 'outbox' });
      service.closeLater(await startEventBus({ routes: [audit], outbox: other }));
      const failing = outbox.transaction(async () => {
        await other.transaction(() =>
          outbox.transaction(async (transaction) => {
            await service.change(transaction, 1);
            await service.send(1);
          }),
        );
        throw new Error('only the outer one');
      });
      await expect(failing).rejects.toThrow('only the outer one');
      expect(await service.committed()).toEqual({ changes: [], events: [] });
      const { rows } = await pool.query('SELECT topic FROM audit_outbox');
      expect(rows).toEqual([{ topic: 'audit' }]);
    });

    it('finds its transaction in the work of Kysely', async () => {
      const kysely = new Kysely<{ changes: { id: number } }>({ dialect: new PostgresDialect({ pool }) });
      const outbox = sqlOutbox(kyselyDatabase(kysely));
      await service.startWith(outbox);
      const enroll = async (trx: KyselyTransaction<{ changes: { id: number } }>, id: number) => {
        await trx.insertInto('changes').values({ id }).execute();
        await service.send(id);
        if (id === 3) throw new Error('full');
      };
      await outbox.transaction((trx) => enroll(trx, 1));
      const within = (id: number) =>
        kysely.transaction().execute((trx) => outbox.within(kyselyExecutor(trx), () => enroll(trx, id)));
      await within(2);
      await expect(within(3)).rejects.toThrow('full');
      expect(await service.committed()).toEqual({ changes: [1, 2], events: [1, 2] });
    });

    it('finds its transaction in the work of Drizzle, and is dropped with a savepoint of Drizzle', async () => {
      const db = drizzle({ client: pool });
      const outbox = sqlOutbox(drizzleDatabase(db));
      await service.startWith(outbox);
      const enroll = async (tx: Pick<typeof db, 'execute'>, id: number) => {
        await tx.execute(sql`INSERT INTO changes (id) VALUES (${id})`);
        await service.send(id);
        if (id === 3) throw new Error('full');
      };
      await outbox.transaction((tx) => enroll(tx, 1));
      await db.transaction(async (tx) => {
        const within = (id: number) =>
          tx.transaction((inner) => outbox.within(drizzleExecutor(inner), () => enroll(inner, id)));
        await within(2);
        await expect(within(3)).rejects.toThrow('full');
      });
      expect(await service.committed()).toEqual({ changes: [1, 2], events: [1, 2] });
    });

    it('stores what a receiver sends in the transaction of its inbox, or none of it', async () => {
      const outbox = await service.start();
      await pool.query(postgresInboxTable());
      let isFull = true;
      const enroll = once(
        sqlInbox(service.database, { outbox }),
        async ({ metadata }, client) => {
          await service.change(client, 7);
          await service.signal.sendEvent({ enrollment: { id: 7, user: metadata.id } });
          if (isFull) throw new Error('full');
        },
        { name: 'enroll' },
      );
      const paid = defineSignal({
        eventType: 'org.openedx.learning.order.paid.v1',
        irregularEventType: 'made up by a test',
        data: { order: string() },
      });
      paid.connect(enroll);
      const metadata = createMetadata({ eventType: paid.eventType });
      const deliver = async () => {
        const [result] = await paid.sendEventWithMetadata(metadata, { order: '1' });
        return result?.status;
      };
      expect(await deliver()).toBe('rejected');
      expect(await service.committed()).toEqual({ changes: [], events: [] });
      isFull = false;
      expect([await deliver(), await deliver()]).toEqual(['fulfilled', 'fulfilled']);
      expect(await service.committed()).toEqual({ changes: [7], events: [7] });
    });

    it('keeps neither effect nor event of a receiver whose server dies before COMMIT, and both after the redelivery', async () => {
      const outbox = await service.start({ relay: false });
      await pool.query(postgresInboxTable());
      const inbox = sqlInbox(service.database, { outbox });
      const event = { source: 'test', id: 'killed-between', groupId: 'g', receiver: 'enroll' };
      let isKilled = true;
      const deliver = () =>
        inbox.handle(event, async (client) => {
          await service.change(client, 8);
          await service.send(8);
          if (!isKilled) return;
          await server.kill();
          await server.start();
        });
      await expect(deliver()).rejects.toThrow(InfrastructureError);
      expect(await service.committed()).toEqual({ changes: [], events: [] });
      isKilled = false;
      expect([await deliver(), await deliver()]).toEqual([true, false]);
      expect(await service.committed()).toEqual({ changes: [8], events: [8] });
    });
  });
});
