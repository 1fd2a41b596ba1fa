import { resolveOptions } from '@openedx-ts/events-core/bus';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import type { Inbox } from './inbox.js';
import { inboxOnDatabase } from './inbox-on-database.js';
import { type SqlInboxOptions, sqlInboxOptionRules } from './sql-inbox-options.js';

/**
 * Creates an inbox that remembers events in PostgreSQL, MySQL or MariaDB, and passes to the receiver the library's own
 * transaction, in which the event is remembered: what the receiver writes through it happens exactly once, whenever a
 * process dies.
 *
 * @param database of events-sql, e.g. `kyselyDatabase(kysely)`; belongs to the caller
 * @throws InvalidOptionsError
 */
export function sqlInbox<Transaction>(
  database: SqlDatabase<Transaction>,
  options: SqlInboxOptions = {},
): Inbox<Transaction> {
  return inboxOnDatabase(database, resolveOptions('sqlInbox', options, sqlInboxOptionRules));
}
