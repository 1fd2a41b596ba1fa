import { PGlite } from '@electric-sql/pglite';
import { postgresOutboxStore } from '@openedx-ts/events-outbox';
import { pgliteDatabase } from '@openedx-ts/events-sql';
import type { OutboxStoreHarness } from '@openedx-ts/events-testing/outbox-conformance';

/** The harness of PGlite, PostgreSQL in this process. */
export function pgliteStoreHarness(): OutboxStoreHarness {
  let pglite: PGlite;
  return {
    name: 'PGlite',
    store: postgresOutboxStore(),
    table: 'event_outbox',
    open: async () => {
      pglite = await PGlite.create();
    },
    close: () => pglite.close(),
    database: () => pgliteDatabase(pglite),
    connect: { missing: 'PGlite has one connection, so no two transactions are ever open at once' },
    timeoutMs: 40_000, // it needs seconds to start
  };
}
