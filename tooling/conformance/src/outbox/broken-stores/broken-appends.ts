import { laneOf, type OutboxEntry, type OutboxStore } from '@openedx-ts/events-outbox';
import type { SqlExecutor } from '@openedx-ts/events-sql';
import type { BrokenStore } from './broken-store.js';

/** Stores whose `append` is wrong. */
export const brokenAppends: readonly BrokenStore[] = [
  {
    name: 'no lane lock',
    harm: 'events of a key are published in another order than their transactions committed',
    caughtBy: [
      'reads the entries of a key in the order in which their transactions committed',
      'draws no position for one entry before it holds every lane',
      'draws no position for three entries before it holds every lane',
      'draws no position for 1,100 entries before it holds every lane',
    ],
    needsConnections: true,
    of: (store) => ({ ...store, append: appendWithoutLock }),
  },
  {
    name: 'one lock per event',
    harm: 'transactions that send the same keys in opposite orders deadlock',
    caughtBy: [
      'commits two transactions that append the same keys in opposite orders',
      'draws no position for three entries before it holds every lane',
    ],
    needsConnections: true,
    of: (store) => ({
      ...store,
      append: async (executor, entries) => {
        for (const entry of entries) await store.append(executor, [entry]);
      },
    }),
  },
  {
    name: 'commit without flush',
    harm: 'a transaction commits without its events',
    caughtBy: ['has the entries of a transaction that committed, and none of one that rolled back'],
    needsConnections: false,
    of: appendAfterCommit,
  },
];

async function appendWithoutLock(executor: SqlExecutor, entries: readonly OutboxEntry[]): Promise<void> {
  for (const entry of entries) {
    const values = [
      entry.topic,
      laneOf(entry.topic, entry.key),
      entry.eventType,
      entry.eventId,
      entry.key,
      entry.keyBytes,
      entry.keySchema,
      entry.record,
      entry.recordSchema,
      entry.metadata,
    ];
    const marks = values.map((_, index) => (executor.dialect === 'postgres' ? `$${index + 1}` : '?'));
    await executor.query(
      `INSERT INTO event_outbox (topic, lane, event_type, event_id, event_key, key_bytes, key_schema, record, record_schema, metadata)
VALUES (${marks.join(', ')})`,
      values,
    );
  }
}

/** Collects events and has no last step before COMMIT: what is collected leaves with the next transaction. */
function appendAfterCommit(store: OutboxStore): OutboxStore {
  let collected: readonly OutboxEntry[] = [];
  return {
    ...store,
    append: async (executor, entries) => {
      const earlier = collected;
      collected = entries;
      await store.append(executor, earlier);
    },
  };
}
