import type { OutboxStore } from '@openedx-ts/events-outbox';
import type { SqlDialect } from '@openedx-ts/events-sql';

/** A way in which outboxes are built and that loses events or their order, and the tests of the suite that must notice. */
export interface BrokenStore {
  readonly name: string;
  /** What goes wrong with it in service. */
  readonly harm: string;
  /** Titles of tests, each of which must fail. */
  readonly caughtBy: readonly string[];
  /** The databases in which it can be built; all unless given. */
  readonly dialect?: SqlDialect;
  /** Whether it does harm only while several transactions are open at once. */
  readonly needsConnections: boolean;
  /** Breaks a store that is right. */
  readonly of: (store: OutboxStore) => OutboxStore;
}
