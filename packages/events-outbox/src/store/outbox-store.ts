import type { WriterSchema } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlDialect, SqlExecutor } from '@openedx-ts/events-sql';
import type { AppliedMigrations } from './applied-migrations.js';
import type { OutboxEntry, PendingEntry } from './outbox-entry.js';
import type { OutboxLease } from './outbox-lease.js';
import type { OutboxStatus } from './outbox-status.js';
import type { ParkedRow } from './parked-row.js';
import type { Queryable } from './queryable.js';
import type { RedrivenEntry } from './redriven-entry.js';

/**
 * The statements of the outbox in one dialect. It opens no connection: each method runs on what it is given. A method that
 * is given a `Queryable` runs single statements, which may commit by themselves; one that is given a `SqlExecutor` needs
 * an open transaction.
 * The store conformance suite of `events-testing` holds every store to the order of commits.
 */
export interface OutboxStore {
  readonly dialect: SqlDialect;

  /**
   * Creates or updates the tables. Processes that start at once wait for the first; with nothing to do, no right to
   * change tables is needed.
   *
   * @throws OutboxTablesError when the tables are newer than this package can read
   */
  migrate(database: SqlDatabase<unknown>): Promise<AppliedMigrations>;
  /** The statements by which an administrator brings tables of a version to the current one; 0 when there are none. */
  migrationText(fromVersion?: number): string;
  /** @throws OutboxTablesError when the tables are missing, older, or newer than this package can read */
  checkVersion(queryable: Queryable): Promise<void>;

  /** Stores schemas that are not stored yet. Runs by itself, never inside a user's transaction. */
  storeSchemas(queryable: Queryable, schemas: readonly WriterSchema[]): Promise<void>;
  /** The schemas of these fingerprints; one that is not stored is missing from the result. */
  readSchemas(
    queryable: Queryable,
    fingerprints: readonly string[],
  ): Promise<ReadonlyMap<string, WriterSchema>>;

  /**
   * Appends entries in the caller's transaction, as its last statements before COMMIT: locks the lane of each topic and
   * key, in one order, before the first position is drawn. So positions of a key grow in the order of commits. One
   * statement for up to 1,000 entries on PostgreSQL, two on MySQL; more for more entries, or more than 16 MiB.
   *
   * @throws OutboxEntryError when the database cannot store an entry; nothing was appended
   * @throws OutboxTablesError
   */
  append(executor: SqlExecutor, entries: readonly OutboxEntry[]): Promise<void>;

  /**
   * Topics that have pending entries: of a topic in `after`, entries behind that position count, of another topic all.
   * May leave out topics that are not in `after` as long as it returns one of them: found topics are in the next call's
   * `after`. So that a poll does not read over deleted rows that the database still keeps.
   */
  topics(queryable: Queryable, after: ReadonlyMap<string, bigint>): Promise<readonly string[]>;
  /**
   * The first pending entries of a topic behind `after`, by position, in one statement and so by one snapshot; at least
   * one, if there is any. The content of a row is returned as it is, whatever somebody has changed by hand.
   */
  readPending(queryable: Queryable, page: PendingPage): Promise<readonly PendingEntry[]>;
  /**
   * The lanes that open transactions hold. Once a lane was free, or a later entry of it was read, no entry with a
   * position drawn before can appear in it: so the relay knows behind which position it need not look again. Runs by
   * itself, not in a transaction: on MySQL it locks free lanes until it ends.
   */
  heldLanes(queryable: Queryable): Promise<ReadonlySet<number>>;
  /**
   * Deletes entries that the broker has accepted, by position and event id (a position may be drawn twice after a
   * failover). With `keep`, moves them to the table of published entries: on MySQL two statements, so run them in a
   * transaction.
   */
  removePublished(
    queryable: Queryable,
    topic: string,
    published: readonly PublishedEntry[],
    options: { readonly keep: boolean },
  ): Promise<void>;
  /** Moves entries that no broker will accept out of the way, by position and event id. */
  park(executor: SqlExecutor, topic: string, parked: readonly ParkedEntry[]): Promise<void>;

  /** Parked entries of a topic behind `after`, by position, bounded like a page of pending entries. */
  readParked(queryable: Queryable, page: ParkedPage): Promise<readonly ParkedRow[]>;
  /**
   * Appends parked entries anew, in the order of their positions, under the locks of their lanes. Entries that are not
   * parked are missing from the result.
   *
   * @param entries at most 1,000
   */
  redrive(
    executor: SqlExecutor,
    topic: string,
    entries: readonly EntryPlace[],
  ): Promise<readonly RedrivenEntry[]>;
  /**
   * Makes parked entries pending again at their own positions, so that entries of their keys that were held come after
   * them. Entries that are not parked are left out. One whose position another pending entry has stays parked.
   *
   * @param entries at most 1,000
   * @returns those that are pending again
   */
  restore(
    executor: SqlExecutor,
    topic: string,
    entries: readonly EntryPlace[],
  ): Promise<readonly EntryPlace[]>;
  /** Deletes parked entries for good. @returns how many there were */
  discard(queryable: Queryable, topic: string, entries: readonly EntryPlace[]): Promise<number>;
  /**
   * Deletes kept entries that were published more than `olderThanMs` ago, the oldest first, at most `maxRows`.
   * @returns how many were deleted; fewer than `maxRows` means that there are no more
   */
  purgePublished(
    queryable: Queryable,
    options: { readonly olderThanMs: number; readonly maxRows: number },
  ): Promise<number>;
  /** How many kept entries were published more than `olderThanMs` ago. Reads all of them. */
  countPublished(queryable: Queryable, options: { readonly olderThanMs: number }): Promise<number>;
  /** Kept entries behind a place, by topic, position and event id, bounded like a page of pending entries. */
  readPublished(
    queryable: Queryable,
    page: PublishedPage,
  ): Promise<readonly (OutboxEntry & { readonly position: bigint })[]>;
  /** Deletes these kept entries. @param entries at most 1,000 @returns how many there were */
  discardPublished(queryable: Queryable, topic: string, entries: readonly EntryPlace[]): Promise<number>;
  /** What waits. Counts stop at `countUpTo` entries of a topic. */
  status(queryable: Queryable, options: StatusOptions): Promise<OutboxStatus>;

  /** The lease as it is now; undefined when no relay has taken it. */
  readLease(queryable: Queryable): Promise<OutboxLease | undefined>;
  /** Takes the lease if it is still the given one, or there is none. @returns the lease held now, or undefined */
  takeLease(
    queryable: Queryable,
    seen: OutboxLease | undefined,
    holder: RelayIdentity,
  ): Promise<OutboxLease | undefined>;
  /**
   * Renews a held lease, known by holder and term: an answer may have been lost.
   * @returns the lease, or undefined when another relay has taken it
   */
  renewLease(queryable: Queryable, held: OutboxLease): Promise<OutboxLease | undefined>;
  /** Frees a held lease, so that another relay need not wait. */
  releaseLease(queryable: Queryable, held: OutboxLease): Promise<void>;
}

/** An entry of a topic. A position alone is not enough: after a failover it may be drawn a second time. */
export interface EntryPlace {
  readonly position: bigint;
  readonly eventId: string;
}

/** What to count. */
export interface StatusOptions {
  /** Entries of a topic at which counting stops. */
  readonly countUpTo: number;
  /**
   * Of a topic in it, entries at this position and before are left out, because the caller knows that nothing is pending
   * there: so that counting does not read over deleted rows that the database still keeps. @defaultValue none
   */
  readonly after?: ReadonlyMap<string, bigint>;
}

/** Which parked entries to read. */
export interface ParkedPage {
  readonly topic: string;
  /** Entries at this position and before are left out. */
  readonly after: bigint;
  /** Entries at `after` whose event id is greater than this one are returned. @defaultValue none is */
  readonly afterEventId?: string | undefined;
  readonly maxRows: number;
  /** Bytes of records, keys and metadata. The database adds them up: what exceeds them is not sent. */
  readonly maxBytes: number;
}

/** Which published entries to read. */
export interface PublishedPage extends Pick<ParkedPage, 'maxRows' | 'maxBytes'> {
  /** Entries up to this one are left out. */
  readonly after: EntryPlace & { readonly topic: string };
  /** Only those that were published longer ago than this. */
  readonly olderThanMs: number;
}

/** Which pending entries to read. */
export interface PendingPage extends Omit<ParkedPage, 'afterEventId'> {
  /** Positions that are left out, because the caller has them: in flight, or accepted and not yet removed. */
  readonly except: readonly bigint[];
  /** Leaves out the entries of keys of which an entry is parked. */
  readonly holdParkedKeys: boolean;
}

/** An entry that the broker has accepted. */
export interface PublishedEntry extends EntryPlace {
  /** Where it lies on the bus, e.g. `0:17`. */
  readonly busPosition: string;
}

/** An entry that failed by its own fault. */
export interface ParkedEntry extends EntryPlace {
  /** The code of the error. */
  readonly code: string;
  /** Masked and cut. */
  readonly reason: string;
  readonly attempts: number;
}

/** Who runs a relay. */
export interface RelayIdentity {
  /** Unique for each relay; not empty. */
  readonly holder: string;
  readonly host: string;
}
