import { createHash, randomUUID } from 'node:crypto';
import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import type { Producer } from '@openedx-ts/events-core';
import type { Message, WriterSchema } from '@openedx-ts/events-core/bus';
import { type OutboxEntry, OutboxRelay, postgresOutboxStore } from '@openedx-ts/events-outbox';
import { pgDatabase } from '@openedx-ts/events-sql';
import pg from 'pg';
import { expect, vi } from 'vitest';

const store = postgresOutboxStore({ table: 'relay_test.event_outbox' });
const eventType = 'org.openedx.test.item.happened.v1';
const KEYS = 20;
const ROLLED_BACK = new Error('rolled back');

/** The schema of records and keys. */
const schema: WriterSchema = {
  text: '"string"',
  fingerprint: createHash('sha256').update('"string"').digest('hex'),
};

/** An outbox in PostgreSQL, with writers, and a table of what they have committed. */
export class RelayBench {
  readonly #server: PostgresServer;
  readonly #pool: pg.Pool;
  #relay: OutboxRelay | undefined;

  private constructor(server: PostgresServer) {
    this.#server = server;
    this.#pool = new pg.Pool({ connectionString: server.url, max: 16 });
    this.#pool.on('error', () => {});
  }

  static async open(): Promise<RelayBench> {
    const postgres = await postgresOrReason();
    const bench = new RelayBench(await postgres.start());
    await bench.#pool.query('DROP SCHEMA IF EXISTS relay_test CASCADE; CREATE SCHEMA relay_test');
    const database = pgDatabase(bench.#pool);
    await store.migrate(database);
    await store.storeSchemas(database, [schema]);
    await bench.#pool.query(
      'CREATE TABLE relay_test.counters (topic text, key text, n int NOT NULL, PRIMARY KEY (topic, key));' +
        'CREATE TABLE relay_test.truth (topic text, key text, n int, event_id text)',
    );
    return bench;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#pool.query('DROP SCHEMA IF EXISTS relay_test CASCADE');
    await this.#pool.end();
    await this.#server[Symbol.asyncDispose]();
  }

  /** Starts a relay that publishes through this producer. */
  start(producer: Producer): OutboxRelay {
    this.#relay = new OutboxRelay({
      ...{ database: pgDatabase(this.#pool), store, producer },
      options: { maxBatchRows: 25 },
    });
    void this.#relay.run();
    return this.#relay;
  }

  async stop(): Promise<void> {
    await this.#relay?.close();
  }

  /** Commits events in transactions of several connections; a fifth of the transactions is rolled back. */
  async write(topic: string, transactions: number, size = 1): Promise<void> {
    let left = transactions;
    const writer = async () => {
      for (; left > 0; left -= 1) {
        const key = `k${left % KEYS}`;
        await pgDatabase(this.#pool)
          .transaction(async (client, executor) => {
            const { rows } = await client.query(
              'INSERT INTO relay_test.counters VALUES ($1, $2, 1) ON CONFLICT (topic, key) DO UPDATE SET n = counters.n + 1 RETURNING n',
              [topic, key],
            );
            const entry = entryOf(topic, key, 'x'.repeat(size));
            const truth = [topic, key, rows[0].n, entry.eventId];
            await client.query('INSERT INTO relay_test.truth VALUES ($1, $2, $3, $4)', truth);
            await store.append(executor, [entry]);
            if (Math.random() < 0.2) throw ROLLED_BACK;
          })
          .catch((error: unknown) => {
            if (error !== ROLLED_BACK) throw error;
          });
      }
    };
    await Promise.all(Array.from({ length: 4 }, writer));
  }

  /** How many entries of a topic wait, and how many are parked. */
  async waiting(topic: string): Promise<{ readonly pending: number; readonly parked: number }> {
    const { topics } = await store.status(pgDatabase(this.#pool), { countUpTo: 10_000 });
    const { pending = 0, parked = 0 } = topics.find((status) => status.topic === topic) ?? {};
    return { pending, parked };
  }

  async untilPublished(topic: string, timeoutMs: number): Promise<void> {
    await vi.waitFor(async () => expect((await this.waiting(topic)).pending).toBe(0), {
      ...{ timeout: timeoutMs, interval: 50 },
    });
  }

  /** Compares what a topic holds with what was committed: everything, nothing else, and the order of each key. */
  async expectOrder(topic: string, messages: readonly Message[]): Promise<void> {
    const { rows } = await this.#pool.query(
      'SELECT key, n, event_id FROM relay_test.truth WHERE topic = $1 ORDER BY n',
      [topic],
    );
    const committed = new Map(rows.map(({ event_id, key, n }) => [event_id, { key, n }]));
    const published = new Map<string, number[]>();
    const seen = new Set<string>();
    for (const { headers } of messages) {
      const ids = headers.map(([, value]) => Buffer.from(value ?? []).toString());
      const id = ids.find((text) => committed.has(text));
      expect(id, `an event that was not committed: ${ids}`).toBeDefined();
      const { key, n } = committed.get(id as string) as { readonly key: string; readonly n: number };
      if (!seen.has(id as string)) published.set(key, [...(published.get(key) ?? []), n]);
      seen.add(id as string);
    }
    const expected = new Map<string, number[]>();
    for (const { key, n } of rows) expected.set(key, [...(expected.get(key) ?? []), n]);
    expect(Object.fromEntries(published)).toEqual(Object.fromEntries(expected));
  }
}

function entryOf(topic: string, key: string, text: string): OutboxEntry {
  const eventId = randomUUID();
  return {
    ...{ topic, key, eventType, eventId },
    metadata: JSON.stringify({
      event_type: eventType,
      id: eventId,
      minorversion: 0,
      source: 'openedx/test/web',
      sourcehost: 'host',
      time: '2026-01-02T03:04:05.678901+00:00',
      sourcelib: [1, 2, 3],
    }),
    record: avroText(text),
    recordSchema: schema.fingerprint,
    keyBytes: avroText(key),
    keySchema: schema.fingerprint,
  };
}

/** A text in Avro's binary form: its length as a zigzag varint, then its bytes. */
function avroText(text: string): Uint8Array {
  const length: number[] = [];
  let rest = 2 * Buffer.byteLength(text);
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.of(...length, rest), Buffer.from(text)]);
}
