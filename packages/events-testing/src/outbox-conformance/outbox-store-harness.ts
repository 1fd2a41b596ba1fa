import type { OutboxStore } from '@openedx-ts/events-outbox';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import type { Missing } from '../conformance/missing.js';

/** What the conformance suite needs of a store of the outbox to test it, on a database that nobody else uses. */
export interface OutboxStoreHarness {
  /** Heads the report. */
  readonly name: string;
  readonly store: OutboxStore;
  /** The name of the table of pending entries. */
  readonly table: string;
  /** Before the first test: opens a database without tables of the outbox. The suite migrates it. */
  readonly open?: () => Promise<void>;
  /** After the last test. */
  readonly close?: () => Promise<void>;
  /** The database, once it is open. */
  readonly database: () => SqlDatabase<unknown>;
  /**
   * Opens a connection of its own, on which the suite runs BEGIN, COMMIT and what is between, step by step. A database
   * with one connection declares it missing, with the reason.
   */
  readonly connect: (() => Promise<StoreConnection>) | Missing;
  /** The longest wait for anything, in milliseconds. @defaultValue 20000 */
  readonly timeoutMs?: number;
}

/** A connection to the database of a harness. */
export interface StoreConnection {
  readonly executor: SqlExecutor;
  /** Whether its statement waits for a lock now; looks from another connection. */
  isBlocked(): Promise<boolean>;
  /** Closes the connection at once, also while a statement waits. */
  close(): Promise<void>;
}
