import type { SqlDialect } from '@openedx-ts/events-sql';
import { dialectSql } from '../dialect-sql.js';
import type { OutboxStore } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import { numberOf } from '../row-values.js';
import { limit, runStatement, type StatementOwner } from '../run-statement.js';
import { LeaseStatements } from './lease-statements.js';
import { ParkedStatements, type RedriveParts } from './parked-statements.js';
import { SchemaStatements } from './schema-statements.js';
import { StatusStatements } from './status-statements.js';

/** What each dialect does in its own way. */
export interface DialectParts
  extends Pick<OutboxStore, 'append' | 'migrate' | 'migrationText' | 'checkVersion'> {
  readonly pending: Pick<OutboxStore, 'topics' | 'readPending' | 'heldLanes' | 'removePublished'>;
  readonly redrive: RedriveParts;
}

/** Puts a store together from its dialect's parts and the statements that all dialects share. */
export function storeOf(
  dialect: SqlDialect,
  tables: OutboxTables,
  owner: StatementOwner,
  { pending, redrive, ...parts }: DialectParts,
): OutboxStore {
  const schemas = new SchemaStatements(tables, owner);
  const parked = new ParkedStatements(tables, owner, redrive);
  const lease = new LeaseStatements(tables, owner);
  const status = new StatusStatements(tables, owner, (queryable, after) => pending.topics(queryable, after));
  return Object.freeze({
    dialect,
    ...parts,
    storeSchemas: (queryable, all) => schemas.storeSchemas(queryable, all),
    readSchemas: (queryable, fingerprints) => schemas.readSchemas(queryable, fingerprints),
    topics: (queryable, after) => pending.topics(queryable, after),
    readPending: (queryable, page) => pending.readPending(queryable, page),
    heldLanes: (queryable) => pending.heldLanes(queryable),
    removePublished: (queryable, topic, published, options) =>
      pending.removePublished(queryable, topic, published, options),
    park: (executor, topic, entries) => parked.park(executor, topic, entries),
    readParked: (queryable, page) => parked.readParked(queryable, page),
    redrive: (executor, topic, entries) => parked.redrive(executor, topic, entries),
    restore: (executor, topic, entries) => parked.restore(executor, topic, entries),
    discard: (queryable, topic, entries) => parked.discard(queryable, topic, entries),
    purgePublished: async (queryable, { olderThanMs, maxRows }) => {
      const old = `${dialectSql[dialect].olderThan('published_at')} ORDER BY published_at ${limit(maxRows)}`;
      // MySQL refuses a subquery on the table that it deletes from; PostgreSQL has no DELETE … LIMIT.
      const text =
        dialect === 'mysql'
          ? `DELETE FROM ${tables.published} WHERE ${old}`
          : `DELETE FROM ${tables.published} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${tables.published} WHERE ${old}))`;
      return (await runStatement(queryable, owner, text, [olderThanMs])).rowCount;
    },
    countPublished: async (queryable, { olderThanMs }) => {
      const text = `SELECT COUNT(*) AS counted FROM ${tables.published} WHERE ${dialectSql[dialect].olderThan('published_at')}`;
      const [row = {}] = (await runStatement(queryable, owner, text, [olderThanMs])).rows;
      return numberOf(row, 'counted') ?? 0;
    },
    status: (queryable, options) => status.status(queryable, options),
    readLease: (queryable) => lease.readLease(queryable),
    takeLease: (queryable, seen, holder) => lease.takeLease(queryable, seen, holder),
    renewLease: (queryable, held) => lease.renewLease(queryable, held),
    releaseLease: (queryable, held) => lease.releaseLease(queryable, held),
  } satisfies OutboxStore);
}
