import { readFileSync } from 'node:fs';
import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { avroCodec } from '@openedx-ts/events-avro';
import { createMetadata, defineSignal, long, record, string } from '@openedx-ts/events-core';
import { eventEncoder, metadataToJson } from '@openedx-ts/events-core/bus';
import { pgDatabase } from '@openedx-ts/events-sql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OutboxRelay } from '../relay/outbox-relay.js';
import { laneOf } from './lane-of.js';
import { postgresOutboxStore } from './postgres/postgres-outbox-store.js';

const postgres = await postgresOrReason({ own: true });
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe.skipIf(postgres.reason !== undefined)(postgres.titled('rows as the README describes them'), () => {
  const store = postgresOutboxStore();
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await postgres.start();
    pool = new pg.Pool({ connectionString: server.url });
    pool.on('error', () => {});
    await store.migrate(pgDatabase(pool));
    await pool.query('CREATE TABLE orders (number text PRIMARY KEY, total_cents bigint)');
  });
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  it('equal those of this package, and are published', async () => {
    const signal = defineSignal({
      eventType: 'org.openedx.example.order.placed.v1',
      data: { order: record('OrderData', { number: string(), total_cents: long() }) },
    });
    const encoder = await eventEncoder(avroCodec()).bind(signal);
    const metadata = createMetadata({
      eventType: signal.eventType,
      id: '0198c5f2-7f3a-11f0-a3d1-0242ac120002',
      source: 'openedx/shop/web',
      sourceHost: 'web-1',
      time: new Date('2026-11-28T10:00:00Z'),
    });
    const data = { order: { number: 'A-17', total_cents: 1_250 } };
    const event = encoder.encode({ topic: 'orders', eventKeyField: 'order.number', data, metadata });

    const [sql = ''] = /(?<=<!-- rows -->\n```sql\n)[^`]+/.exec(readme) ?? [];
    await pool.query(sql);

    const database = pgDatabase(pool);
    const page = {
      topic: 'orders',
      after: 0n,
      maxRows: 10,
      maxBytes: 1_000_000,
      except: [],
      holdParkedKeys: false,
    };
    const [row, ...others] = await store.readPending(database, page);
    expect(others).toEqual([]);
    expect({ ...row, metadata: JSON.parse(row?.metadata ?? '') }).toMatchObject({
      eventType: signal.eventType,
      eventId: metadata.id,
      key: event.key.text,
      keyBytes: Buffer.from(event.key.bytes),
      keySchema: event.key.schema.fingerprint,
      record: Buffer.from(event.record),
      recordSchema: event.schema.fingerprint,
      metadata: { ...metadataToJson(metadata), sourcelib: [1, 0, 0] },
      lane: laneOf('orders', 'A-17'),
    });
    const schemas = [event.schema, event.key.schema];
    const stored = await store.readSchemas(
      database,
      schemas.map(({ fingerprint }) => fingerprint),
    );
    expect([...stored.values()]).toEqual(expect.arrayContaining(schemas));

    const broker = new MemoryBroker();
    const producer = new MemoryEventBusProducer({ broker });
    const relay = new OutboxRelay({ database, store, producer });
    const running = relay.run();
    await vi.waitFor(() => expect(broker.messages('orders')).toHaveLength(1), { timeout: 60_000 });
    await relay.close();
    await running;
    await producer.close();
    expect(await store.readPending(database, page)).toEqual([]);
  });

  it('have the lanes that the README computes', () => {
    const lanes = [...readme.matchAll(/lane\('([^']*)', '([^']*)'\) = (\d+)/g)];
    expect(lanes).toHaveLength(2);
    for (const [, topic = '', key = '', lane] of lanes) expect(laneOf(topic, key)).toBe(Number(lane));
  });
});
