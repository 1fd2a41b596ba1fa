import type { PendingEntry } from './outbox-entry.js';

/** An entry that was parked, as it is stored. */
export interface ParkedRow extends PendingEntry {
  /** By the clock of the database. */
  readonly appendedAt: Date;
  /** The code of the error. */
  readonly code: string;
  readonly reason: string;
  readonly attempts: number;
  /** By the clock of the database. */
  readonly parkedAt: Date;
}
