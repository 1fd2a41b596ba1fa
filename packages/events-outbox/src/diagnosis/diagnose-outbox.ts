import { EventsError } from '@openedx-ts/events-core';
import { okFinding, problemFinding, reasonOf } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import type { OutboxStore } from '../store/outbox-store.js';
import { OutboxTablesError } from '../store/outbox-tables-error.js';
import { mysqlFindings } from './mysql-findings.js';
import { postgresFindings } from './postgres-findings.js';
import { stateFindings } from './state-findings.js';

/** See `OutboxAdmin.diagnose`. */
export async function diagnoseOutbox(
  database: SqlDatabase<unknown>,
  store: OutboxStore,
  longSnapshotMs: number,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    await store.checkVersion(database);
    findings.push(okFinding('outbox tables', 'they have a version that fits'));
    findings.push(...stateFindings(await store.status(database, { countUpTo: 1 })));
    const serverFindings = database.dialect === 'mysql' ? mysqlFindings : postgresFindings;
    findings.push(...(await serverFindings(database, longSnapshotMs)));
  } catch (error) {
    findings.push(findingOf(error));
  }
  return findings;
}

function findingOf(error: unknown): Finding {
  if (error instanceof OutboxTablesError) return tablesFinding(error);
  const isUnreachable = EventsError.is(error) && error.code === 'EVENTS_INFRASTRUCTURE';
  const cure = isUnreachable
    ? 'start the database, or correct DATABASE_URL or --database'
    : 'give the role the rights that the statement needs, or correct DATABASE_URL or --database';
  const finding = problemFinding('outbox database', reasonOf(error), cure);
  return isUnreachable ? { ...finding, isUnreachable } : finding;
}

function tablesFinding({ reason, table, found, expected }: OutboxTablesError): Finding {
  const version = found === undefined ? 'an unknown version' : `version ${found}`;
  if (reason === 'missing')
    return problemFinding(
      'outbox tables',
      `the table ${table} does not exist`,
      'run "openedx-events outbox migrate" with this database, and check the search path of the role',
    );
  if (reason === 'older')
    return problemFinding(
      'outbox tables',
      `the table ${table} has ${version}, and version ${expected} is needed`,
      'run "openedx-events outbox migrate" with this database',
    );
  return problemFinding(
    'outbox tables',
    `the table ${table} has ${version}, and this package knows versions up to ${expected}`,
    'update @openedx-ts/events-outbox and @openedx-ts/events-cli',
  );
}
