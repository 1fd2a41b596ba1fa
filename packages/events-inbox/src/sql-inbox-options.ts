import { anything, type OptionRules } from '@openedx-ts/events-core/bus';
import type { SqlExecutor } from '@openedx-ts/events-sql';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';
import { tableRule } from './sql-inbox-table.js';

/** Options of `sqlInbox`. */
export interface SqlInboxOptions extends InboxOptions {
  /** The table, created by `sqlInboxTable`; may be qualified with a schema. @defaultValue 'events_inbox' */
  readonly table?: string;
  /**
   * The outbox on the same database, `sqlOutbox` of events-outbox: what the receiver sends is then stored in the
   * transaction of its effect and published after the commit, or not at all. @defaultValue none
   */
  readonly outbox?: InboxOutbox;
}

/** The part of an outbox that the inbox uses. */
export interface InboxOutbox {
  /** Runs work inside a transaction that was started elsewhere, and stores what the work has sent in it. */
  within<T>(executor: SqlExecutor, work: () => Promise<T>): Promise<T>;
}

/** `SqlInboxOptions` with its default values. */
export interface ResolvedSqlInboxOptions {
  readonly ttlMs: number;
  readonly table: string;
  readonly outbox: InboxOutbox | undefined;
}

/** The rules by which `resolveOptions` checks these options. */
export const sqlInboxOptionRules: OptionRules<ResolvedSqlInboxOptions> = {
  ...inboxOptionRules,
  table: tableRule,
  outbox: anything<InboxOutbox | undefined>(undefined),
};
