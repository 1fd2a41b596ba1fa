import type { OutboxLease } from './outbox-lease.js';

/** What waits in the outbox. */
export interface OutboxStatus {
  /** Topics that have pending or parked entries, by name. */
  readonly topics: readonly TopicStatus[];
  /** Kept published entries; counting stops at `countUpTo`. */
  readonly published: number;
  /** The relay that holds the lease; undefined when none does. */
  readonly lease: (OutboxLease & { readonly renewedMsAgo: number }) | undefined;
}

/** What waits for one topic. */
export interface TopicStatus {
  /** Without prefix. */
  readonly topic: string;
  /** Pending entries; counting stops at `countUpTo`. */
  readonly pending: number;
  /** Age of the first pending entry, by the clock of the database; undefined when there is none. */
  readonly oldestAgeMs: number | undefined;
  readonly parked: number;
}
