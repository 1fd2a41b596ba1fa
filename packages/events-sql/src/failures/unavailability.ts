import { EventsError } from '@openedx-ts/events-core';
import { withoutWrapper } from './without-values.js';

/** Why a statement failed, when neither the statement nor its values are the reason. */
export type Unavailability =
  /** No connection, or the connection broke. */
  | 'unreachable'
  /** This process has closed the pool, or the embedded database. */
  | 'closed'
  /** The server refuses the login, or has no such database. */
  | 'login'
  /** The server answers, and has no resources, starts, stops, or accepts no writes. */
  | 'refusing'
  /** The server has ended the transaction, or the wait for a lock, because of another transaction. */
  | 'conflict';

/**
 * Returns why a database is unavailable; undefined when the error is about the statement or its values. Knows the errors of
 * PostgreSQL, MySQL and MariaDB, as pg, PGlite, mysql2, Kysely, Drizzle, knex, TypeORM and Prisma throw them.
 *
 * @param options.ofDatabase false for an error that may be of another connection than the database's, such as one to a mail
 *   server: the codes of the network then count as no answer
 */
export function unavailabilityOf(
  error: unknown,
  options: { readonly ofDatabase: boolean } = { ofDatabase: true },
): Unavailability | undefined {
  const cause = withoutWrapper(error);
  if (!(cause instanceof Error) || EventsError.is(cause)) return undefined;
  const { code, sqlState, meta, errno } = cause as DatabaseErrorFields;
  if (typeof errno === 'number' && mysqlNumbers.has(errno)) return mysqlNumbers.get(errno);
  for (const state of [code, sqlState, meta?.code]) {
    const found = typeof state === 'string' ? ofCode(state) : undefined;
    if (found !== undefined) return found;
  }
  if (closedMessages.test(cause.message)) return 'closed';
  if (driverMessages.test(cause.message)) return 'unreachable';
  return options.ofDatabase && isNetworkError(cause) ? 'unreachable' : undefined;
}

/** Whether an error comes from the network; of a database only where nothing else is connected to. */
export function isNetworkError(error: unknown): boolean {
  const { code, syscall } = (withoutWrapper(error) ?? {}) as DatabaseErrorFields;
  return typeof code === 'string' && (networkCodes.test(code) || syscall === 'connect');
}

interface DatabaseErrorFields {
  readonly code?: unknown;
  /** mysql2: the state beside the name of the error. */
  readonly sqlState?: unknown;
  /** Prisma: of the statement that the database refused. */
  readonly meta?: { readonly code?: unknown };
  /** MySQL and MariaDB: positive; of the operating system: negative. */
  readonly errno?: unknown;
  readonly syscall?: unknown;
}

function ofCode(code: string): Unavailability | undefined {
  return codes.find(([pattern]) => pattern.test(code))?.[1];
}

/** SQLSTATEs as PostgreSQL defines them (appendix A of its manual), codes of mysql2 and codes of Prisma. */
const codes: readonly (readonly [RegExp, Unavailability])[] = [
  // Connection exceptions; shutdown, crash and start of the server, an idle session that it has ended.
  [/^(?:08[0-9A-Z]{3}|57P0[0-35])$/, 'unreachable'],
  [/^PROTOCOL_(?:CONNECTION_LOST|SEQUENCE_TIMEOUT)$/, 'unreachable'],
  [/^P(?:1001|1002|1008|1017)$/, 'unreachable'],
  // Unknown users, wrong passwords, unknown databases.
  [/^(?:28[0-9A-Z]{3}|3D000)$/, 'login'],
  [/^P100[03]$/, 'login'],
  // Insufficient resources, errors of the system, a server that has become a replica.
  [/^(?:53[0-9A-Z]{3}|58[0-9A-Z]{3}|25006)$/, 'refusing'],
  [/^P(?:2024|2037)$/, 'refusing'],
  // Serialization failures, deadlocks, expired waits for a lock.
  [/^(?:40001|40P01|55P03|P2034)$/, 'conflict'],
];

/** Numbers that MySQL and MariaDB share, where their SQLSTATE is too general. */
const mysqlNumbers: ReadonlyMap<number, Unavailability | undefined> = new Map<
  number,
  Unavailability | undefined
>([
  [1153, undefined], // ER_NET_PACKET_TOO_LARGE: the statement is too long, and the server closes the connection
  [1053, 'unreachable'], // ER_SERVER_SHUTDOWN
  [1927, 'unreachable'], // MariaDB: ER_CONNECTION_KILLED
  [4031, 'unreachable'], // MySQL: ER_CLIENT_INTERACTION_TIMEOUT
  [1021, 'refusing'], // ER_DISK_FULL
  [1037, 'refusing'], // ER_OUTOFMEMORY
  [1040, 'refusing'], // ER_CON_COUNT_ERROR
  [1041, 'refusing'], // ER_OUT_OF_RESOURCES
  [1114, 'refusing'], // ER_RECORD_FILE_FULL
  [1203, 'refusing'], // ER_TOO_MANY_USER_CONNECTIONS
  [1226, 'refusing'], // ER_USER_LIMIT_REACHED
  [1290, 'refusing'], // ER_OPTION_PREVENTS_STATEMENT: the server is read-only
  [1836, 'refusing'], // ER_READ_ONLY_MODE
  [1020, 'conflict'], // ER_CHECKREAD: MariaDB with innodb_snapshot_isolation
  [1205, 'conflict'], // ER_LOCK_WAIT_TIMEOUT
  [1213, 'conflict'], // ER_LOCK_DEADLOCK
]);

/** pg, mysql2, PGlite, Kysely. */
const closedMessages =
  /^(?:Cannot use a pool after calling end on the pool|Pool is closed\.|PGlite is closed|driver has already been destroyed)$/;

/** What libraries throw without a code: pg and its pool, mysql2 and its pool, knex, which puts the statement before it. */
const driverMessages =
  /(?:^| - )(?:Connection terminated|Client has encountered a connection error|Client was closed and is not queryable|Query read timeout|timeout exceeded when trying to connect|Postgres connection has been discarded|No connections available\.|Queue limit reached\.|Can't add new command when connection is in closed state|Can't write in closed state|Knex: Timeout acquiring a connection)/;

const networkCodes =
  /^(?:ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN)$/;
