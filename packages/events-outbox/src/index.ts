export type { OutboxEntry, PendingEntry } from './store/outbox-entry.js';
export type { OutboxLease } from './store/outbox-lease.js';
export type {
  OutboxStore,
  ParkedEntry,
  PendingPage,
  PublishedEntry,
  RelayIdentity,
} from './store/outbox-store.js';
