import type { OutboxStore, PendingEntry } from '@openedx-ts/events-outbox';
import type { BrokenStore } from './broken-store.js';

/** Stores that find what is pending in a wrong way. */
export const brokenReads: readonly BrokenStore[] = [
  {
    name: 'cursor on the sequence',
    harm: 'an event whose transaction commits behind later positions is lost',
    caughtBy: [
      'reads an entry whose transaction committed behind later positions, also when those are removed',
    ],
    needsConnections: true,
    of: readBehindLastRemoved,
  },
  {
    name: 'xid horizon',
    harm: 'events of a key change their order, and any open write stalls the outbox',
    caughtBy: [
      'reads the entry of a transaction that started first and committed last behind those before it',
      'reads committed entries while a transaction of somebody else is open',
    ],
    dialect: 'postgres',
    needsConnections: true,
    of: (store) => ({ ...store, readPending: readByTransactionId(store) }),
  },
  {
    name: 'SKIP LOCKED',
    harm: 'two relays publish events of a key at the same time, in any order',
    caughtBy: ['returns the same first entries to two relays that read at once'],
    needsConnections: true,
    of: (store) => ({ ...store, readPending: readUnlocked(store) }),
  },
  {
    name: 'deletion before acceptance',
    harm: 'a relay that dies while it publishes loses what it has read',
    caughtBy: ['keeps entries pending until they are removed, however often they are read'],
    needsConnections: false,
    of: (store) => ({
      ...store,
      readPending: async (queryable, page) => {
        const entries = await store.readPending(queryable, page);
        const published = entries.map((entry) => ({ ...entry, busPosition: '' }));
        await store.removePublished(queryable, page.topic, published, { keep: false });
        return entries;
      },
    }),
  },
  {
    name: 'floor without a sweep',
    harm: 'a relay starts behind events that are not visible yet, and never looks there again',
    caughtBy: ['knows the lanes that open transactions hold, until they have ended'],
    needsConnections: true,
    of: (store) => ({ ...store, heldLanes: async () => new Set() }),
  },
];

function readBehindLastRemoved(store: OutboxStore): OutboxStore {
  const cursors = new Map<string, bigint>();
  return {
    ...store,
    readPending: (queryable, page) => {
      const cursor = cursors.get(page.topic) ?? 0n;
      return store.readPending(queryable, { ...page, after: page.after > cursor ? page.after : cursor });
    },
    removePublished: async (queryable, topic, published, options) => {
      await store.removePublished(queryable, topic, published, options);
      for (const { position } of published) cursors.set(topic, position);
    },
  };
}

/** Reads what is below the oldest running transaction, in the order of transaction ids. */
function readByTransactionId(store: OutboxStore): OutboxStore['readPending'] {
  return async (queryable, page) => {
    const entries = await store.readPending(queryable, page);
    const text = `SELECT position::text AS position FROM event_outbox WHERE topic = $1
  AND xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xmin::text::bigint, event_outbox.position`;
    return inOrderOf(entries, (await queryable.query(text, [page.topic])).rows);
  };
}

function readUnlocked(store: OutboxStore): OutboxStore['readPending'] {
  return async (queryable, page) => {
    const mark = queryable.dialect === 'postgres' ? '$1' : '?';
    const type = queryable.dialect === 'postgres' ? 'text' : 'char';
    const text = `SELECT CAST(p.position AS ${type}) AS position FROM event_outbox p WHERE p.topic = ${mark}
  ORDER BY p.position LIMIT ${page.maxRows} FOR UPDATE SKIP LOCKED`;
    const { rows } = await queryable.query(text, [page.topic]);
    return inOrderOf(await store.readPending(queryable, { ...page, maxRows: 10_000 }), rows);
  };
}

function inOrderOf(
  entries: readonly PendingEntry[],
  rows: readonly Readonly<Record<string, unknown>>[],
): readonly PendingEntry[] {
  const byPosition = new Map(entries.map((entry) => [String(entry.position), entry]));
  return rows.flatMap((row) => byPosition.get(String(row.position)) ?? []);
}
