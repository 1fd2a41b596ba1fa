import type { WriterSchema } from '@openedx-ts/events-core/bus';
import type { SqlDialect, SqlExecutor } from '@openedx-ts/events-sql';
import type { OutboxEntry, PendingEntry } from './outbox-entry.js';
import type { OutboxLease } from './outbox-lease.js';

/**
 * The statements of the outbox in one dialect. It opens no connection: each method runs on the executor it is given.
 * The store conformance suite of `events-testing` holds every store to the order of commits.
 */
export interface OutboxStore {
  readonly dialect: SqlDialect;

  /** Stores schemas that are not stored yet. Runs by itself, never inside a user's transaction. */
  storeSchemas(executor: SqlExecutor, schemas: readonly WriterSchema[]): Promise<void>;
  /** The schemas of these fingerprints; one that is not stored is missing from the result. */
  readSchemas(
    executor: SqlExecutor,
    fingerprints: readonly string[],
  ): Promise<ReadonlyMap<string, WriterSchema>>;

  /**
   * Appends entries in the caller's transaction, as its last statements before COMMIT: locks the lane of each topic and
   * key, in one order, before the first position is drawn. So positions of a key grow in the order of commits.
   */
  append(executor: SqlExecutor, entries: readonly OutboxEntry[]): Promise<void>;

  /**
   * Topics that have pending entries: of a topic in `after`, entries behind that position count, of another topic all.
   * May leave out topics that are not in `after` as long as it returns one of them: found topics are in the next call's
   * `after`. So that a poll does not read over deleted rows that the database still keeps.
   */
  topics(executor: SqlExecutor, after: ReadonlyMap<string, bigint>): Promise<readonly string[]>;
  /**
   * The first pending entries of a topic behind `after`, by position, in one statement and so by one snapshot; at least
   * one, if there is any.
   */
  readPending(executor: SqlExecutor, page: PendingPage): Promise<readonly PendingEntry[]>;
  /**
   * The lanes that open transactions hold. Once a lane was free, or a later entry of it was read, no entry with a
   * position drawn before can appear in it: so the relay knows behind which position it need not look again.
   */
  heldLanes(executor: SqlExecutor): Promise<ReadonlySet<number>>;
  /**
   * Deletes entries that the broker has accepted, by position and event id (a position may be drawn twice after a
   * failover); with `keep`, moves them to the table of published entries. Several statements need a transaction.
   */
  removePublished(
    executor: SqlExecutor,
    topic: string,
    published: readonly PublishedEntry[],
    options: { readonly keep: boolean },
  ): Promise<void>;
  /** Moves entries that no broker will accept out of the way, by position and event id. */
  park(executor: SqlExecutor, topic: string, parked: readonly ParkedEntry[]): Promise<void>;

  /** The lease as it is now; undefined when no relay has taken it. */
  readLease(executor: SqlExecutor): Promise<OutboxLease | undefined>;
  /** Takes the lease if it is still the given one, or there is none. @returns the lease held now, or undefined */
  takeLease(
    executor: SqlExecutor,
    seen: OutboxLease | undefined,
    holder: RelayIdentity,
  ): Promise<OutboxLease | undefined>;
  /** Renews a held lease, known by holder and term: an answer may have been lost. @returns the lease, or undefined when another relay has taken it */
  renewLease(executor: SqlExecutor, held: OutboxLease): Promise<OutboxLease | undefined>;
  /** Frees a held lease, so that another relay need not wait. */
  releaseLease(executor: SqlExecutor, held: OutboxLease): Promise<void>;
}

/** Which pending entries to read. */
export interface PendingPage {
  readonly topic: string;
  /** Entries at this position and before are left out. */
  readonly after: bigint;
  readonly maxRows: number;
  /** Bytes of records and keys. */
  readonly maxBytes: number;
  /** Positions that are left out, because the caller has them: in flight, or accepted and not yet removed. */
  readonly except: readonly bigint[];
  /** Leaves out the entries of keys of which an entry is parked. */
  readonly holdParkedKeys: boolean;
}

/** An entry that the broker has accepted. */
export interface PublishedEntry {
  readonly position: bigint;
  readonly eventId: string;
  /** Where it lies on the bus, e.g. `0:17`. */
  readonly busPosition: string;
}

/** An entry that failed by its own fault. */
export interface ParkedEntry {
  readonly position: bigint;
  readonly eventId: string;
  /** The code of the error. */
  readonly code: string;
  /** Masked and cut. */
  readonly reason: string;
  readonly attempts: number;
}

/** Who runs a relay. */
export interface RelayIdentity {
  /** Unique for each relay. */
  readonly holder: string;
  readonly host: string;
}
