import { resolveOptions } from '@openedx-ts/events-core/bus';
import { type ClientOf, type PgPool, pgDatabase } from '@openedx-ts/events-sql';
import type { Inbox } from './inbox.js';
import { inboxOnDatabase } from './inbox-on-database.js';
import { type SqlInboxOptions, sqlInboxOptionRules } from './sql-inbox-options.js';
import { sqlInboxTable } from './sql-inbox-table.js';

/**
 * Creates an inbox on a pool of `pg`: the same as `sqlInbox(pgDatabase(pool))`. The receiver gets a client inside the
 * transaction in which the event is remembered.
 *
 * @param pool belongs to the caller, who closes it
 * @throws InvalidOptionsError
 */
export function postgresInbox<Pool extends PgPool>(
  pool: Pool,
  options: SqlInboxOptions = {},
): Inbox<ClientOf<Pool>> {
  return inboxOnDatabase(pgDatabase(pool), resolveOptions('postgresInbox', options, sqlInboxOptionRules));
}

/** Returns the statements that create the table, as one text. Safe to run twice. @throws TypeError for a wrong name */
export function postgresInboxTable(table?: string): string {
  return `${sqlInboxTable('postgres', table).join(';\n')};`;
}
