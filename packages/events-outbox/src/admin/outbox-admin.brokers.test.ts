import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import { pgDatabase } from '@openedx-ts/events-sql';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entryFor } from '../store/entry.test-support.js';
import type { PendingEntry } from '../store/outbox-entry.js';
import { postgresOutboxStore } from '../store/postgres/postgres-outbox-store.js';
import { outboxAdmin } from './outbox-admin.js';
import type { ParkedAction } from './parked-action.js';

const postgres = await postgresOrReason();

describe.skipIf(postgres.reason !== undefined)(postgres.titled('outboxAdmin'), () => {
  const store = postgresOutboxStore({ table: 'admin_test.event_outbox' });
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await postgres.start();
    pool = new pg.Pool({ connectionString: server.url, max: 4 });
    pool.on('error', () => {});
  });
  beforeEach(async () => {
    await pool.query('DROP SCHEMA IF EXISTS admin_test CASCADE');
    await pool.query('CREATE SCHEMA admin_test');
    await store.migrate(pgDatabase(pool));
  });
  afterAll(async () => {
    await pool.query('DROP SCHEMA IF EXISTS admin_test CASCADE');
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  const admin = () => outboxAdmin(pgDatabase(pool), store);
  const pending = (topic: string) =>
    store.readPending(pgDatabase(pool), {
      ...{ topic, after: 0n, maxRows: 1_000, maxBytes: 1e9, except: [], holdParkedKeys: false },
    });
  const append = async (topic: string, ...keys: readonly string[]): Promise<readonly PendingEntry[]> => {
    const entries = keys.map((key) => entryFor(topic, key));
    await pgDatabase(pool).transaction((_, executor) => store.append(executor, entries));
    const ids = entries.map(({ eventId }) => eventId);
    return (await pending(topic)).filter(({ eventId }) => ids.includes(eventId));
  };
  const park = async (entries: readonly PendingEntry[], code = 'TOO_LARGE') => {
    for (const { topic, position, eventId } of entries) {
      const parked = [{ position, eventId, code, reason: 'why', attempts: 1 }];
      await pgDatabase(pool).transaction((_, executor) => store.park(executor, topic, parked));
    }
  };
  const parked = async (filter = {}) => {
    const ids: string[] = [];
    for await (const { eventId } of admin().parked(filter)) ids.push(eventId);
    return ids;
  };

  it('lists parked entries by topic and position, as a filter selects them', async () => {
    const orders = await append('orders', ...Array.from({ length: 120 }, (_, index) => `k${index}`));
    const users = await append('users', 'a', 'b');
    await park([...users, ...orders.slice(0, 110)]);
    await park(orders.slice(110), 'OTHER');
    const ids = [...orders, ...users].map(({ eventId }) => eventId);
    expect(await parked()).toEqual(ids);
    expect(await parked({ topic: 'users' })).toEqual(ids.slice(120));
    expect(await parked({ code: 'OTHER' })).toEqual(ids.slice(110, 120));
    expect(await parked({ eventId: ids[3] })).toEqual([ids[3]]);
    expect(await parked({ topic: 'orders', position: orders[7]?.position })).toEqual([ids[7]]);
    expect(await parked({ eventType: 'other' })).toEqual([]);
    expect(await parked({ topic: 'nothing' })).toEqual([]);
  });

  it('makes parked entries pending again behind later ones of their key, once each', async () => {
    const [first, second, third] = (await append('orders', 'a', 'a', 'b')) as [
      PendingEntry,
      PendingEntry,
      PendingEntry,
    ];
    await park([first, third]);
    expect(await admin().redrive({ all: true, dryRun: true })).toEqual({
      ...{ redriven: 2, stayed: 0, entries: [], isDryRun: true },
    });
    const report = await admin().redrive({ all: true });
    expect(report).toMatchObject({
      redriven: 2,
      entries: [
        { eventId: first.eventId, parkedPosition: first.position, pendingAhead: 1 },
        { eventId: third.eventId },
      ],
      isDryRun: false,
    });
    const ids = (await pending('orders')).map(({ eventId }) => eventId);
    expect(ids).toEqual([second.eventId, first.eventId, third.eventId]);
    expect(await admin().redrive({ all: true })).toMatchObject({ redriven: 0 });
  });

  it('puts parked entries back before those of their keys that waited, with inPlace', async () => {
    const entries = await append('orders', 'a', 'a', 'b');
    await park(entries.slice(0, 1));
    const held = { topic: 'orders', after: 0n, maxRows: 9, maxBytes: 1e6, except: [], holdParkedKeys: true };
    expect(await store.readPending(pgDatabase(pool), held)).toMatchObject([{ key: 'b' }]);
    const report = await admin().redrive({ topic: 'orders', inPlace: true });
    expect(report).toEqual({ redriven: 1, stayed: 0, entries: [], isDryRun: false });
    expect(await store.readPending(pgDatabase(pool), held)).toEqual(entries);
    expect(await parked()).toEqual([]);
  });

  it('selects one of two parked entries that share a position by its event id', async () => {
    const entries = await append('orders', ...Array.from({ length: 102 }, (_, index) => `k${index}`));
    await park(entries);
    const position = entries[99]?.position;
    await pool.query('UPDATE admin_test.event_outbox_parked SET position = $1 WHERE position > $1', [
      position,
    ]);
    expect(await parked()).toHaveLength(102);
    expect(await parked({ position })).toHaveLength(3);
    const eventId = entries[101]?.eventId as string;
    expect(await admin().discard({ eventId })).toMatchObject({ discarded: 1 });
    expect(await admin().redrive({ position, inPlace: true })).toMatchObject({ redriven: 1, stayed: 1 });
    expect(await admin().redrive({ position })).toMatchObject({ redriven: 1 });
    expect(await parked()).toHaveLength(99);
  });

  it('discards parked entries', async () => {
    const entries = await append('orders', 'a', 'b', 'c');
    await park(entries);
    const [{ eventId }] = entries as [PendingEntry];
    expect(await admin().discard({ eventId, dryRun: true })).toEqual({ discarded: 1, isDryRun: true });
    expect(await admin().discard({ eventId })).toEqual({ discarded: 1, isDryRun: false });
    expect(await parked()).toEqual(entries.slice(1).map((entry) => entry.eventId));
    expect(await admin().discard({ all: true })).toEqual({ discarded: 2, isDryRun: false });
    expect(await pending('orders')).toEqual([]);
  });

  it('returns what waits, and purges what was kept', async () => {
    const entries = await append('orders', 'a', 'b', 'c');
    await park(entries.slice(2));
    const published = entries
      .slice(0, 1)
      .map(({ position, eventId }) => ({ position, eventId, busPosition: '0:1' }));
    await store.removePublished(pgDatabase(pool), 'orders', published, { keep: true });
    expect(await admin().status()).toMatchObject({
      topics: [{ topic: 'orders', pending: 1, parked: 1 }],
      published: 1,
    });
    expect(await admin().purge({ olderThanMs: 3_600_000 })).toBe(0);
    expect(await admin().purge({ olderThanMs: 0, dryRun: true })).toBe(1);
    expect(await admin().purge({ olderThanMs: 0 })).toBe(1);
    expect(await admin().status()).toMatchObject({ published: 0 });
  });

  it.each<[string, ParkedAction]>([
    ['nothing is selected', {}],
    ['everything and something is', { all: true, topic: 'orders' }],
    ['a condition is empty', { code: '' }],
    ['a position is no bigint', { position: 7 as unknown as bigint }],
    ['the condition is undefined', { topic: undefined }],
  ])('does nothing when %s', async (_, action) => {
    await park(await append('orders', 'a'));
    await expect(admin().redrive(action)).rejects.toThrow(InvalidOptionsError);
    await expect(admin().discard(action)).rejects.toThrow(InvalidOptionsError);
    expect(await parked()).toHaveLength(1);
  });
});
