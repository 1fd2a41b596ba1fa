import {
  mysqlOutboxStore,
  type OutboxAdmin,
  type OutboxStore,
  outboxAdmin,
  postgresOutboxStore,
} from '@openedx-ts/events-outbox';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { closing } from '../bus/closing.js';
import type { CliIo } from '../terminal/cli-io.js';
import type { DatabaseOptions } from './database-options.js';
import { databaseUrl } from './database-url.js';
import { type DatabaseUse, openDatabase } from './open-database.js';

/** The outbox of a database. When it is disposed, its connections are closed. */
export interface OpenedOutbox extends AsyncDisposable {
  readonly database: SqlDatabase<unknown>;
  readonly store: OutboxStore;
  readonly admin: OutboxAdmin;
}

/**
 * Opens the outbox that the options name. Nothing is read yet.
 *
 * @throws CommandError when no database is named, or its library is not installed
 * @throws InvalidOptionsError when the name of the table is not plain
 */
export async function openOutbox(
  options: DatabaseOptions,
  io: CliIo,
  use: Omit<DatabaseUse, 'cwd'> = {},
): Promise<OpenedOutbox> {
  const url = databaseUrl(options, io);
  const store = outboxStoreOf(url.dialect, options);
  const opened = await openDatabase(url, { ...use, cwd: io.cwd });
  const { database } = opened;
  return { database, store, admin: outboxAdmin(database, store), ...closing(opened) };
}

/** Creates the statements for a dialect and the table that the options name. */
export function outboxStoreOf(dialect: OutboxStore['dialect'], { table }: DatabaseOptions): OutboxStore {
  const options = table === undefined ? {} : { table };
  return dialect === 'postgres' ? postgresOutboxStore(options) : mysqlOutboxStore(options);
}
