import type { SqlDialect } from '@openedx-ts/events-sql';
import type { OutboxStore } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { StatementOwner } from '../run-statement.js';
import { LeaseStatements } from './lease-statements.js';
import { ParkedStatements, type RedriveParts } from './parked-statements.js';
import { PublishedStatements } from './published-statements.js';
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
  const published = new PublishedStatements(tables, owner);
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
    purgePublished: (queryable, options) => published.purge(queryable, options),
    countPublished: (queryable, options) => published.count(queryable, options),
    readPublished: (queryable, page) => published.read(queryable, page),
    discardPublished: (queryable, topic, entries) => published.discard(queryable, topic, entries),
    status: (queryable, options) => status.status(queryable, options),
    readLease: (queryable) => lease.readLease(queryable),
    takeLease: (queryable, seen, holder) => lease.takeLease(queryable, seen, holder),
    renewLease: (queryable, held) => lease.renewLease(queryable, held),
    releaseLease: (queryable, held) => lease.releaseLease(queryable, held),
  } satisfies OutboxStore);
}
