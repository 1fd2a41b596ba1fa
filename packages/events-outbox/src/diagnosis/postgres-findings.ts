import { okFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { Queryable } from '../store/queryable.js';
import { numberOf, type Row, textOf } from '../store/row-values.js';

/** Finds what in a PostgreSQL slows the outbox down, or weakens its promise. */
export async function postgresFindings(
  queryable: Queryable,
  longSnapshotMs: number,
): Promise<readonly Finding[]> {
  const { rows: snapshots } = await queryable.query(longSnapshots, [longSnapshotMs]);
  const { rows: durability } = await queryable.query(durabilityOfSession);
  const { rows: roles } = await queryable.query(durabilityOfRoles);
  return [
    ...(snapshots.length === 0
      ? [okFinding('outbox snapshots', 'no snapshot is open for long')]
      : snapshots.map(snapshotFinding)),
    ...durabilityFindings(durability, roles),
  ];
}

/** Vacuum keeps rows that a snapshot can see; statistics of other roles have no times without the right to see them. */
const longSnapshots = `SELECT pid, COALESCE(usename, '') AS role, COALESCE(application_name, '') AS application,
  age(backend_xmin) AS transactions,
  CAST(extract(epoch FROM clock_timestamp() - xact_start) * 1000 AS double precision) AS age_ms
FROM pg_stat_activity
WHERE backend_xmin IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type <> 'autovacuum worker'
  AND xact_start < clock_timestamp() - CAST($1 AS double precision) * interval '1 millisecond'
ORDER BY xact_start LIMIT 5`;

const durabilityOfSession = `SELECT name, setting FROM pg_settings
WHERE name IN ('synchronous_commit', 'fsync') AND setting = 'off' ORDER BY name`;

const durabilityOfRoles = `SELECT COALESCE(role.rolname, '') AS role
FROM pg_db_role_setting AS settings
LEFT JOIN pg_roles AS role ON role.oid = settings.setrole
LEFT JOIN pg_database AS named ON named.oid = settings.setdatabase
CROSS JOIN LATERAL unnest(settings.setconfig) AS setting
WHERE settings.setrole <> 0 AND (settings.setdatabase = 0 OR named.datname = current_database())
  AND setting IN ('synchronous_commit=off', 'synchronous_commit=false', 'synchronous_commit=no', 'synchronous_commit=0')
ORDER BY 1`;

function snapshotFinding(row: Row): Finding {
  const seconds = Math.floor((numberOf(row, 'age_ms') ?? 0) / 1_000);
  const [pid, role, application] = [textOf(row, 'pid'), textOf(row, 'role'), textOf(row, 'application')];
  const who = application === '' ? `role ${role}` : `role ${role}, ${application}`;
  return warningFinding(
    'outbox snapshots',
    `a snapshot of process ${pid} (${who}) is open for ${seconds} s and ${textOf(row, 'transactions')} transactions: published rows deleted since then stay in the table`,
    `end that transaction, e.g. by SELECT pg_terminate_backend(${pid})`,
  );
}

function durabilityFindings(session: readonly Row[], roles: readonly Row[]): readonly Finding[] {
  const off = session.map((row) => {
    const name = textOf(row, 'name');
    return warningFinding(subject, `${name} is off: ${LOST}`, `set ${name} to on`);
  });
  const offForRoles = roles.map((row) => {
    const role = textOf(row, 'role');
    const cure = `ALTER ROLE "${role}" RESET synchronous_commit, unless it writes no events`;
    return warningFinding(subject, `synchronous_commit is off for role ${role}: ${LOST}`, cure);
  });
  const all = [...off, ...offForRoles];
  return all.length > 0 ? all : [okFinding(subject, 'a commit is on disk before its events are published')];
}

const subject = 'outbox durability';
const LOST = 'a crash may lose a transaction whose events were published already';
