import type { SqlDialect } from '@openedx-ts/events-sql';

/** The parts of statements that differ between databases. */
export interface DialectSql {
  /** The current time. PostgreSQL's `now()` is the start of the transaction. */
  readonly now: string;
  /** The type of whole numbers in a `CAST`. */
  readonly integer: string;
  /** A column as text: drivers cut 64-bit integers in different ways. */
  text(column: string): string;
  /** A time in milliseconds since 1970, whatever the time zone of the connection. */
  epochMs(column: string): string;
  /** How long ago a time is, in milliseconds, by the clock of the database. */
  ageMs(column: string): string;
  /** A condition for which an index of the column serves: the time is more than `?` milliseconds ago, see `ageValue`. */
  olderThan(column: string): string;
  /** Before the rows of an `INSERT` that brings positions along. */
  readonly ownPosition: string;
  /** The end of an `INSERT` that leaves rows alone which are there already. */
  ignoreDuplicates(table: string): string;
}

/** The value of `olderThan`. Databases compute no time that is longer ago than a few thousand years. */
export function ageValue(milliseconds: number): number {
  return Math.min(milliseconds, THOUSAND_YEARS_MS);
}

const THOUSAND_YEARS_MS = 1_000 * 365.25 * 24 * 3_600_000;

/** The SQL of each dialect. */
export const dialectSql: Readonly<Record<SqlDialect, DialectSql>> = {
  postgres: {
    now: 'clock_timestamp()',
    integer: 'integer',
    text: (column) => `CAST(${column} AS text)`,
    epochMs: (column) => `CAST(extract(epoch FROM ${column}) * 1000 AS double precision)`,
    ageMs: (column) => `CAST(extract(epoch FROM clock_timestamp() - ${column}) * 1000 AS double precision)`,
    olderThan: (column) =>
      `${column} < statement_timestamp() - CAST(? AS double precision) * interval '1 millisecond'`,
    ownPosition: 'OVERRIDING SYSTEM VALUE',
    ignoreDuplicates: () => 'ON CONFLICT DO NOTHING',
  },
  mysql: {
    now: 'UTC_TIMESTAMP(6)',
    integer: 'signed',
    text: (column) => `CAST(${column} AS char)`,
    epochMs: (column) => `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${column}) / 1000`,
    ageMs: (column) => `TIMESTAMPDIFF(MICROSECOND, ${column}, UTC_TIMESTAMP(6)) / 1000`,
    olderThan: (column) =>
      `${column} < TIMESTAMPADD(MICROSECOND, CAST(? AS signed) * -1000, UTC_TIMESTAMP(6))`,
    ownPosition: '',
    // INSERT IGNORE would also turn other errors into warnings.
    ignoreDuplicates: (table) => `ON DUPLICATE KEY UPDATE ${table}.topic = ${table}.topic`,
  },
};
