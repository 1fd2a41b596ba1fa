import { InvalidOptionsError } from '@openedx-ts/events-core';
import { count, durationMs } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { diagnoseOutbox } from '../diagnosis/diagnose-outbox.js';
import type { OutboxStatus } from '../store/outbox-status.js';
import type { OutboxStore } from '../store/outbox-store.js';
import type { ParkedRow } from '../store/parked-row.js';
import { purgeInPages } from '../store/purge-in-pages.js';
import { type DiscardAction, type DiscardReport, discardParked } from './discard-parked.js';
import {
  checkParkedFilter,
  checkParkedSelection,
  type ParkedFilter,
  type ParkedSelection,
} from './parked-filter.js';
import { type PurgeAction, purgeWhere } from './purge-where.js';
import { readParkedPages } from './read-parked.js';
import { type ParkedRedrive, type ParkedRedriveReport, redriveParked } from './redrive-parked.js';

/** What an operator does with an outbox. Relays and writers may run at the same time. */
export interface OutboxAdmin {
  /**
   * Returns what waits, and which relay publishes.
   *
   * @param options.countUpTo counts stop at so many entries of a topic. @defaultValue 10000
   * @throws InfrastructureError, OutboxTablesError
   */
  status(options?: { readonly countUpTo?: number }): Promise<OutboxStatus>;

  /**
   * Yields parked entries by topic and position, a page in memory at a time.
   *
   * @throws InvalidOptionsError, InfrastructureError, OutboxTablesError
   */
  parked(filter?: ParkedFilter): AsyncGenerator<ParkedRow>;

  /**
   * Makes parked entries pending again, in the order of their positions. Each is appended anew, so it is published after
   * everything of its key that is pending or was published while it was parked; with `inPlace`, it takes its own position
   * again. Each is one log entry, without payload.
   *
   * @throws InvalidOptionsError when nothing is selected
   * @throws InfrastructureError, OutboxTablesError what was redriven until then stays so
   */
  redrive(options: ParkedRedrive): Promise<ParkedRedriveReport>;

  /**
   * Deletes parked entries for good: their events are lost. With `hold-key`, later events of their keys are published.
   *
   * @throws InvalidOptionsError when nothing is selected
   * @throws InfrastructureError, OutboxTablesError what was discarded until then is gone
   */
  discard(options: DiscardAction): Promise<DiscardReport>;

  /**
   * Deletes kept entries that were published more than `olderThanMs` ago.
   *
   * @returns how many
   * @throws InvalidOptionsError, InfrastructureError, OutboxTablesError
   */
  purge(options: PurgeAction): Promise<number>;

  /**
   * Looks at the tables, the relay, what waits, snapshots that are open for long, and whether commits are durable. Rejects
   * for no failure of the database: that is a finding.
   *
   * @param options.longSnapshotMs a snapshot that is open for longer is a finding. @defaultValue 300000
   * @throws InvalidOptionsError
   */
  diagnose(options?: { readonly longSnapshotMs?: number }): Promise<readonly Finding[]>;
}

/**
 * Creates the operator's view of an outbox.
 *
 * @param database belongs to the caller, who closes it
 */
export function outboxAdmin(database: SqlDatabase<unknown>, store: OutboxStore): OutboxAdmin {
  const source = { database, store };
  return {
    status: async ({ countUpTo = 10_000 } = {}) => {
      check('status', 'countUpTo', count(1, 1).problem(countUpTo));
      return store.status(database, { countUpTo });
    },
    parked: async function* (filter = {}) {
      checkParkedFilter('parked entries', filter);
      for await (const { rows } of readParkedPages(source, filter)) yield* rows;
    },
    redrive: async (action) => {
      checkParkedSelection('redrive', selectionOf(action));
      return redriveParked(source, action);
    },
    discard: async (action) => {
      checkParkedSelection('discard', selectionOf(action), action.where !== undefined);
      return discardParked(source, action);
    },
    purge: async ({ olderThanMs, dryRun = false, where, abortSignal }) => {
      check('purge', 'olderThanMs', durationMs(0).problem(olderThanMs));
      if (where !== undefined) return purgeWhere(source, { olderThanMs, dryRun, where, abortSignal });
      if (dryRun) return store.countPublished(database, { olderThanMs });
      return purgeInPages((maxRows) => store.purgePublished(database, { olderThanMs, maxRows }), abortSignal);
    },
    diagnose: async ({ longSnapshotMs = 300_000 } = {}) => {
      check('diagnose', 'longSnapshotMs', durationMs(0).problem(longSnapshotMs));
      return diagnoseOutbox(database, store, longSnapshotMs);
    },
  };
}

function selectionOf(action: ParkedRedrive & DiscardAction): ParkedSelection {
  const { dryRun: _, inPlace: __, abortSignal: ___, where: ____, ...selection } = action;
  return selection;
}

function check(subject: string, path: string, message: string | undefined): void {
  if (message !== undefined) throw new InvalidOptionsError(subject, [{ path, message }]);
}
