import type { SqlDialect } from '@openedx-ts/events-sql';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import type { DatabaseOptions } from './database-options.js';

/** Where the database of an outbox is. */
export interface DatabaseUrl {
  readonly text: string;
  readonly dialect: SqlDialect;
}

/**
 * Reads the URL of the database from `--database`, or else from `DATABASE_URL`. No error shows it: it may have a password.
 *
 * @param otherwise what the command accepts in place of a database, for the message when there is none
 * @throws CommandError when there is none, or it is no URL of PostgreSQL, MySQL or MariaDB
 */
export function databaseUrl(
  { database }: DatabaseOptions,
  { env = {} }: CliIo,
  otherwise = 'or set DATABASE_URL',
): DatabaseUrl {
  const text = database ?? (env.DATABASE_URL || undefined);
  if (text === undefined) throw usage(`no database is named: give --database ${EXAMPLE}, ${otherwise}`);
  const dialect = URL.canParse(text) ? dialects[new URL(text).protocol] : undefined;
  if (dialect !== undefined) return { text, dialect };
  const name = database === undefined ? 'DATABASE_URL' : '--database';
  throw usage(
    `${name} is no URL of a database that has an outbox: it must be like ${EXAMPLE}, or mysql://...`,
  );
}

const EXAMPLE = 'postgres://HOST:5432/NAME';

const dialects: Readonly<Record<string, SqlDialect>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
};

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
