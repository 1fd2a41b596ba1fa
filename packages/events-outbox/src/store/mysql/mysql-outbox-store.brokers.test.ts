import { type MysqlServer, mysqlOrReason } from '@openedx-ts/brokers';
import { mysql2Database, mysql2Executor } from '@openedx-ts/events-sql';
import { createPool, type Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outboxAdmin } from '../../admin/outbox-admin.js';
import { entryFor } from '../entry.test-support.js';
import { OutboxEntryError } from '../outbox-entry-error.js';
import { mysqlOutboxStore } from './mysql-outbox-store.js';

const mysql = await mysqlOrReason({ own: true });

describe.skipIf(mysql.reason !== undefined)(mysql.titled('mysqlOutboxStore'), () => {
  const store = mysqlOutboxStore();
  let server: MysqlServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await mysql.start();
    pool = createPool(server.url);
    await store.migrate(mysql2Database(pool));
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  it('migrates tables that are qualified with a database on a connection that has none', async () => {
    const url = new URL(server.url);
    const name = url.pathname.slice(1);
    url.pathname = '';
    const bare = createPool(url.href);
    try {
      const qualified = mysqlOutboxStore({ table: `${name}.qualified` });
      expect(await qualified.migrate(mysql2Database(bare))).toEqual({ from: 0, to: 1 });
    } finally {
      await bare.end();
    }
  });

  it('names the event, the setting and the cure when an event is longer than a statement may be', async () => {
    const limit = await maxAllowedPacket();
    const large = entryFor('t', 'k', { record: new Uint8Array(limit / 2) });
    const appending = mysql2Database(pool).transaction((_, executor) => store.append(executor, [large]));
    await expect(appending).rejects.toThrow(OutboxEntryError);
    await expect(appending).rejects.toThrow(
      new RegExp(
        `event ${large.eventId} .* takes \\d+ bytes .* max_allowed_packet .* is ${limit}: raise that`,
      ),
    );
  });

  it('divides events by the longest statement that the database accepts', async () => {
    const limit = await maxAllowedPacket();
    await pool.query('SET GLOBAL max_allowed_packet = 1048576');
    const small = createPool(server.url);
    try {
      const entries = Array.from({ length: 10 }, () =>
        entryFor('t', 'k', { record: new Uint8Array(300_000) }),
      );
      await mysql2Database(small).transaction((_, executor) => store.append(executor, entries));
      const { rowCount } = await mysql2Database(pool).query('DELETE FROM event_outbox WHERE topic = ?', [
        't',
      ]);
      expect(rowCount).toBe(10);
    } finally {
      await small.end();
      await pool.query(`SET GLOBAL max_allowed_packet = ${limit}`);
    }
  });

  it('finds a new topic beside a thousand known ones', async () => {
    await mysql2Database(pool).transaction((_, executor) => store.append(executor, [entryFor('new', 'k')]));
    const known = new Map(Array.from({ length: 1_000 }, (_, index) => [`known-${index}`, 0n]));
    expect(await store.topics(mysql2Database(pool), known)).toEqual(['new']);
  });

  it('finds that nothing is old enough to be purged without reading what is kept', async () => {
    await keepPublished(2_000);
    const connection = await pool.getConnection();
    try {
      await connection.query('FLUSH STATUS');
      const purge = { olderThanMs: 3_600_000, maxRows: 1_000 };
      expect(await store.purgePublished(mysql2Executor(connection), purge)).toBe(0);
      const [rows] = await connection.query(`SHOW SESSION STATUS LIKE 'Handler\\_read%'`);
      const counts = (rows as { readonly Value: string }[]).map(({ Value }) => Number(Value));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(10);
    } finally {
      connection.release();
    }
  });

  it.each([Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    'purges nothing that was published less than %s ms ago',
    async (olderThanMs) => {
      await keepPublished(1);
      expect(await outboxAdmin(mysql2Database(pool), store).purge({ olderThanMs })).toBe(0);
    },
  );

  it('purges what was published long enough ago, the oldest first', async () => {
    await keepPublished(30);
    await pool.query(`UPDATE event_outbox_published SET published_at = published_at - INTERVAL position DAY`);
    const olderThanMs = 10.5 * 86_400_000;
    const purge = (maxRows: number) => store.purgePublished(mysql2Database(pool), { olderThanMs, maxRows });
    expect(await purge(5)).toBe(5);
    const [rows] = await pool.query('SELECT MAX(position) AS last FROM event_outbox_published');
    expect(rows).toMatchObject([{ last: 25 }]);
    expect(await purge(100)).toBe(15);
    expect(await purge(100)).toBe(0);
  });

  async function maxAllowedPacket(): Promise<number> {
    const { rows } = await mysql2Database(pool).query('SELECT @@GLOBAL.max_allowed_packet AS packet');
    return Number(rows[0]?.packet);
  }

  async function keepPublished(count: number): Promise<void> {
    await pool.query('DELETE FROM event_outbox_published');
    const rows = Array.from(
      { length: count },
      (_, index) => `('t', ${index + 1}, 1, 'e', UUID(), 'k', '', '', '', '', '', UTC_TIMESTAMP(6), '0:1')`,
    );
    await pool.query(`INSERT INTO event_outbox_published (topic, position, lane, event_type, event_id, event_key, key_bytes,
  key_schema, record, record_schema, metadata, appended_at, bus_position) VALUES ${rows.join(', ')}`);
  }
});
