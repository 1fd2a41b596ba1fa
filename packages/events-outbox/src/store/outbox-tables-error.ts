import { EventsError } from '@openedx-ts/events-core';

/**
 * The tables of the outbox are missing, or of another version than this package needs. Nothing was read or written.
 * - `missing`: they were never created in this database, or the role has another search path;
 * - `older`: this package needs a migration that was not applied;
 * - `newer`: a later version of this package has changed them in a way that this version cannot read.
 */
export class OutboxTablesError extends EventsError {
  readonly code = 'EVENTS_OUTBOX_TABLES';
  readonly retryable = false;
  readonly reason: 'missing' | 'older' | 'newer';
  /** The table of pending events. */
  readonly table: string;
  /** The version of the tables; undefined when it is not known. */
  readonly found: number | undefined;
  /** The version that this package creates. */
  readonly expected: number;

  constructor(
    reason: OutboxTablesError['reason'],
    facts: { readonly table: string; readonly found?: number | undefined; readonly expected: number },
    options?: ErrorOptions,
  ) {
    super(messageOf(reason, facts), options);
    this.reason = reason;
    this.table = facts.table;
    this.found = facts.found;
    this.expected = facts.expected;
  }
}

function messageOf(
  reason: OutboxTablesError['reason'],
  {
    table,
    found,
    expected,
  }: { readonly table: string; readonly found?: number | undefined; readonly expected: number },
): string {
  const version = found === undefined ? 'an unknown version' : `version ${found}`;
  if (reason === 'missing')
    return `the outbox table ${table} does not exist: run "openedx-events outbox migrate" with this database, and check the search path of the role`;
  if (reason === 'older')
    return `the outbox table ${table} has ${version} and version ${expected} is needed: run "openedx-events outbox migrate" with this database`;
  return `the outbox table ${table} has ${version} and this package knows versions up to ${expected}: update @openedx-ts/events-outbox`;
}
