import type { Lease } from '../lease/lease.js';

/** A stream of a `LeasedReader`, with the state of its lease. */
export interface LeasedStream {
  readonly stream: string;
  readonly lease: Lease;
  /** Whether every pending entry of other members was claimed. */
  isClaimed: boolean;
  /** Whether another member held the lease at the last try. */
  isStandby: boolean;
  /** When to try to acquire the lease again, by the monotonic clock. */
  tryAt: number;
  /** The newest entry id that is known; `XREAD` waits for a newer one. */
  lastId: string;
}
