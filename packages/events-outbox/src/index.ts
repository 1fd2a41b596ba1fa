export type { DiscardAction, DiscardReport } from './admin/discard-parked.js';
export { type OutboxAdmin, outboxAdmin } from './admin/outbox-admin.js';
export type { ParkedAction } from './admin/parked-action.js';
export type { ParkedFilter, ParkedSelection } from './admin/parked-filter.js';
export type { PurgeAction } from './admin/purge-where.js';
export type { ParkedRedrive, ParkedRedriveReport } from './admin/redrive-parked.js';
export { OutboxRelay, type OutboxRelayParts } from './relay/outbox-relay.js';
export type { RelayOptions } from './relay/relay-options.js';
export { UnusableEntryError } from './relay/unusable-entry-error.js';
export type { OutboxEvent } from './scope/outbox-event.js';
export { type SqlOutbox, type SqlOutboxOptions, sqlOutbox } from './sql-outbox.js';
export type { AppliedMigrations } from './store/applied-migrations.js';
export { LANES, laneOf } from './store/lane-of.js';
export { mysqlOutboxStore } from './store/mysql/mysql-outbox-store.js';
export type { OutboxEntry, PendingEntry } from './store/outbox-entry.js';
export { OutboxEntryError } from './store/outbox-entry-error.js';
export type { OutboxLease } from './store/outbox-lease.js';
export type { OutboxStatus, TopicStatus } from './store/outbox-status.js';
export type {
  EntryPlace,
  OutboxStore,
  ParkedEntry,
  ParkedPage,
  PendingPage,
  PublishedEntry,
  PublishedPage,
  RelayIdentity,
  StatusOptions,
} from './store/outbox-store.js';
export type { OutboxStoreOptions } from './store/outbox-tables.js';
export { OutboxTablesError } from './store/outbox-tables-error.js';
export type { ParkedRow } from './store/parked-row.js';
export { postgresOutboxStore } from './store/postgres/postgres-outbox-store.js';
export type { Queryable } from './store/queryable.js';
export type { RedrivenEntry } from './store/redriven-entry.js';
