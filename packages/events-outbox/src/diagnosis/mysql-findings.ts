import { okFinding, reasonOf, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { Queryable } from '../store/queryable.js';
import { numberOf, type Row, textOf } from '../store/row-values.js';

/** Finds what in a MySQL or MariaDB slows the outbox down, or weakens its promise. */
export async function mysqlFindings(
  queryable: Queryable,
  longSnapshotMs: number,
): Promise<readonly Finding[]> {
  const { rows } = await queryable.query('SELECT @@innodb_flush_log_at_trx_commit AS flushed');
  const flushed = rows[0] === undefined ? undefined : numberOf(rows[0], 'flushed');
  const name = 'innodb_flush_log_at_trx_commit';
  const durability =
    flushed === 1
      ? okFinding('outbox durability', 'a commit is on disk before its events are published')
      : warningFinding(
          'outbox durability',
          `${name} is ${flushed}: a crash may lose a transaction whose events were published already`,
          `set ${name} to 1`,
        );
  return [...(await snapshotFindings(queryable, longSnapshotMs)), durability];
}

async function snapshotFindings(queryable: Queryable, longSnapshotMs: number): Promise<readonly Finding[]> {
  const seconds = Math.ceil(longSnapshotMs / 1_000);
  try {
    const { rows } = await queryable.query(longTransactions, [seconds]);
    return rows.length === 0
      ? [okFinding('outbox snapshots', 'no transaction is open for long')]
      : rows.map(snapshotFinding);
  } catch (error) {
    // Most users lack the privilege PROCESS, and need not have it.
    return [okFinding('outbox snapshots', `open transactions were not looked at: ${reasonOf(error)}`)];
  }
}

const longTransactions = `SELECT trx_mysql_thread_id AS thread, TIMESTAMPDIFF(SECOND, trx_started, NOW()) AS seconds
FROM information_schema.innodb_trx
WHERE TIMESTAMPDIFF(SECOND, trx_started, NOW()) >= ? AND trx_mysql_thread_id <> CONNECTION_ID()
ORDER BY trx_started LIMIT 5`;

function snapshotFinding(row: Row): Finding {
  const thread = textOf(row, 'thread');
  return warningFinding(
    'outbox snapshots',
    `a transaction of connection ${thread} is open for ${textOf(row, 'seconds')} s: published rows deleted since then stay in the table`,
    `end that transaction, e.g. by KILL ${thread}`,
  );
}
