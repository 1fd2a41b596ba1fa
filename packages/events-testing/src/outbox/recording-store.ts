import { type OutboxEntry, type OutboxStore, postgresOutboxStore } from '@openedx-ts/events-outbox';

/** Keeps what transactions append. Nothing follows that could roll it back: an outbox appends last before COMMIT. */
export class RecordingStore {
  readonly entries: OutboxEntry[] = [];

  readonly store: OutboxStore = {
    ...postgresOutboxStore(), // its statements find nothing in a database that does nothing
    checkVersion: async () => {},
    storeSchemas: async () => {},
    append: async (_, entries) => {
      this.entries.push(...entries);
    },
  };
}
