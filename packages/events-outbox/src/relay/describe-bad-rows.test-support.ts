import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { configureEvents, silentLogger } from '@openedx-ts/events-core';
import { systemClock } from '@openedx-ts/events-core/bus';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { outboxAdmin } from '../admin/outbox-admin.js';
import type { OutboxEntry } from '../store/outbox-entry.js';
import type { OutboxStore } from '../store/outbox-store.js';
import { OutboxRelay } from './outbox-relay.js';
import type { RelayOptions } from './relay-options.js';
import { textEntry, textSchema } from './text-entry.test-support.js';

/** A database of its own, until it is disposed. */
export interface BadRowsDatabase extends AsyncDisposable {
  readonly database: SqlDatabase<unknown>;
  /** Closes the pool, as a service does that closes it before its bus. */
  closePool(): Promise<void>;
}

/** Tests what a relay does with rows and tables that are not as they should be, on a real database. */
export function describeBadRows(
  name: string,
  store: OutboxStore,
  open: () => Promise<BadRowsDatabase>,
): void {
  describe(`rows and tables on ${name} that are not as they should be`, () => {
    let opened: BadRowsDatabase;
    let broker: MemoryBroker;
    let producer: MemoryEventBusProducer;
    let logs: Disposable;
    const relays: OutboxRelay[] = [];
    const database = () => opened.database;
    const isMysql = store.dialect === 'mysql';
    const sql = (text: string) => (isMysql ? text.replace(/\$\d/g, '?') : text);
    beforeAll(async () => {
      opened = await open();
    });
    beforeEach(async () => {
      logs = configureEvents({ logger: silentLogger });
      await store.migrate(database());
      for (const table of ['event_outbox', 'event_outbox_parked', 'event_outbox_schemas'])
        await database().query(`DELETE FROM ${table}`);
      await store.storeSchemas(database(), [textSchema]);
      broker = new MemoryBroker({ maxMessageBytes: 1_000 });
      producer = new MemoryEventBusProducer({ broker });
    });
    afterEach(async () => {
      await Promise.all(relays.splice(0).map((relay) => relay.close()));
      await producer.close();
      logs[Symbol.dispose]();
    });
    afterAll(() => opened[Symbol.asyncDispose]());

    const append = (...entries: readonly OutboxEntry[]) =>
      database().transaction((_, executor) => store.append(executor, entries));
    const start = (options: RelayOptions = {}) => {
      const relay = new OutboxRelay({ database: database(), store, producer, options });
      relays.push(relay);
      relay.run().catch(() => {});
      return relay;
    };
    const published = (topic: string) => broker.messages(topic).length;
    const untilPublished = (topic: string, count: number) =>
      vi.waitFor(() => expect(published(topic)).toBe(count), { timeout: 60_000, interval: 20 });
    const parked = async () => {
      const rows: { readonly position: bigint; readonly code: string; readonly reason: string }[] = [];
      for await (const row of outboxAdmin(database(), store).parked()) rows.push(row);
      return rows;
    };

    it.each<[string, string, RegExp]>([
      ['its metadata is no JSON', `metadata = '{'`, /its metadata is no JSON/],
      ['a field of its metadata is missing', `metadata = '{"id": "x"}'`, /its metadata: /],
      ['its type was changed', `event_type = 'x'`, /its event_type differs from the one in its metadata/],
      [
        'its id was changed',
        `event_id = '0198c0de-0000-7000-8000-000000000000'`,
        /its event_id differs from the id in its metadata/,
      ],
      ['its record was cut', `record = SUBSTRING(record FROM 1 FOR 1)`, /its record: /],
      [
        'its record has more bytes',
        `record = ${isMysql ? `CONCAT(record, X'00')` : `record || '\\x00'`}`,
        /its record: /,
      ],
      ['its key was cut', `key_bytes = SUBSTRING(key_bytes FROM 1 FOR 1)`, /its key_bytes: /],
      [
        'its schema is another one',
        `record_schema = 'ffff'`,
        /record_schema ffff is not stored: start a service/,
      ],
    ])(
      'parks a row when %s: the reason names topic, position and column; others go on',
      async (_, change, why) => {
        await append(...['bad', 'good', 'bad'].map((key) => textEntry('rows', key)));
        const { rows } = await database().query('SELECT MIN(position) AS first FROM event_outbox');
        const first = String(rows[0]?.first);
        await database().query(`UPDATE event_outbox SET ${change} WHERE position = ${first}`);
        start();
        await untilPublished('rows', 2);
        await vi.waitFor(async () =>
          expect(await parked()).toMatchObject([
            {
              position: BigInt(first),
              code: 'EVENTS_OUTBOX_UNUSABLE_ENTRY',
              reason: expect.stringMatching(why),
            },
          ]),
        );
        expect((await parked())[0]?.reason).toContain(`the entry of topic rows at position ${first} `);
      },
    );

    it('publishes an event whose id is in upper case', async () => {
      const entry = textEntry('rows', 'a');
      const eventId = entry.eventId.toUpperCase();
      await append({ ...entry, eventId, metadata: entry.metadata.replace(entry.eventId, eventId) });
      start();
      await untilPublished('rows', 1);
      expect(await parked()).toEqual([]);
    });

    it.each(['a b/c', 'orders.group.dlq', ''])(
      'parks a row with the topic "%s", which no topic can have',
      async (topic) => {
        await append(textEntry(topic, 'a'), textEntry('rows', 'a'));
        start();
        await untilPublished('rows', 1);
        await vi.waitFor(async () =>
          expect(await parked()).toMatchObject([{ reason: expect.stringContaining(topic) }]),
        );
        expect(published(topic)).toBe(0);
      },
    );

    it('parks an event over the limit of the bus: the reason names both sizes; others go on', async () => {
      const large = textEntry('rows', 'a');
      await append({ ...large, metadata: large.metadata.replace('"host"', `"${'h'.repeat(2_000)}"`) });
      await append(textEntry('rows', 'a'));
      start();
      await untilPublished('rows', 1);
      await vi.waitFor(async () =>
        expect(await parked()).toMatchObject([
          { reason: expect.stringMatching(/takes \d+ bytes, and maxMessageBytes is 1000/) },
        ]),
      );
    });

    it('parks events whose schema was deleted, and publishes them after a redrive once it is stored again', async () => {
      await append(textEntry('rows', 'a'), textEntry('rows', 'b'));
      await database().query('DELETE FROM event_outbox_schemas');
      start();
      await vi.waitFor(async () => expect(await parked()).toHaveLength(2), { timeout: 60_000 });
      await store.storeSchemas(database(), [textSchema]);
      expect(await outboxAdmin(database(), store).redrive({ all: true })).toMatchObject({ redriven: 2 });
      await untilPublished('rows', 2);
      expect(await parked()).toEqual([]);
    });

    it('parks events whose schema was edited, because its fingerprint is another one', async () => {
      await append(textEntry('rows', 'a'));
      await database().query(`UPDATE event_outbox_schemas SET schema_text = '"bytes"'`);
      start();
      await vi.waitFor(
        async () => {
          const reason = `the text stored for schema ${textSchema.fingerprint} is another`;
          expect(await parked()).toMatchObject([{ reason: expect.stringContaining(reason) }]);
        },
        { timeout: 60_000 },
      );
    });

    it('publishes an event whose type no code of this process defines any more', async () => {
      const { eventType } = textEntry('rows', 'a');
      expect(eventType).toBe('org.openedx.test.item.happened.v1');
      await append(textEntry('rows', 'a'));
      start();
      await untilPublished('rows', 1);
    });

    it('names missing tables and their cure in health, and publishes once they are created', async () => {
      const relay = start({ leaseMs: 1_000 });
      await append(textEntry('rows', 'a'));
      await untilPublished('rows', 1);
      for (const table of ['', '_relay']) await database().query(`DROP TABLE event_outbox${table}`);
      await vi.waitFor(
        () =>
          expect(relay.health().reasons.join()).toMatch(
            /event_outbox does not exist: run "openedx-events outbox migrate"/,
          ),
        { timeout: 60_000 },
      );
      const tables = ['schemas', 'parked', 'published', 'lanes', 'migrations'];
      for (const table of tables) await database().query(`DROP TABLE IF EXISTS event_outbox_${table}`);
      await store.migrate(database());
      await store.storeSchemas(database(), [textSchema]);
      await append(textEntry('rows', 'b'));
      await untilPublished('rows', 2);
      await vi.waitFor(() => expect(relay.health().ready).toBe(true), { timeout: 60_000 });
    });

    it('does not care for clocks that jump: neither that of its process nor that of the database', async () => {
      let days = 0;
      const now = () => {
        days = -days + (days > 0 ? 0 : 1);
        return Date.now() + days * 86_400_000;
      };
      using _ = configureEvents({ clock: { ...systemClock, now } });
      const [holder, other] = [start({ leaseMs: 1_000 }), start({ leaseMs: 1_000 })];
      const admin = outboxAdmin(database(), store);
      await vi.waitFor(async () => expect((await admin.status()).lease).toBeDefined(), { timeout: 60_000 });
      const { lease } = await admin.status();
      const interval = isMysql ? 'INTERVAL 1 DAY' : "INTERVAL '1 day'";
      for (const sign of ['+', '-']) {
        await database().query(`UPDATE event_outbox_relay SET renewed_at = renewed_at ${sign} ${interval}`);
        await append(textEntry(`held${sign === '+'}`, 'a'));
        await untilPublished(`held${sign === '+'}`, 1);
      }
      const { term, holder: id } = (await admin.status()).lease ?? {};
      expect({ term, id }).toEqual({ term: lease?.term, id: lease?.holder });
      await Promise.all([holder.close(), other.close()]);
      await append(textEntry('rows', 'a'));
      await database().query(`UPDATE event_outbox SET appended_at = appended_at + ${interval}`);
      expect((await admin.status()).topics).toMatchObject([{ topic: 'rows', oldestAgeMs: 0 }]);
    });

    it('keeps everything and names the cause when the pool was closed before the relay', async () => {
      const relay = start();
      await append(textEntry('rows', 'a'));
      await untilPublished('rows', 1);
      await opened.closePool();
      await vi.waitFor(
        () => expect(relay.health().reasons.join()).toContain('its pool was closed in this process'),
        {
          timeout: 60_000,
        },
      );
      await expect(database().query(sql('SELECT 1'))).rejects.toMatchObject({
        code: 'EVENTS_INFRASTRUCTURE',
      });
      await relay.close();
    });
  });
}
