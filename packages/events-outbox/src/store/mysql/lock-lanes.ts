import type { SqlExecutor } from '@openedx-ts/events-sql';
import { LANES } from '../lane-of.js';
import type { OutboxTables } from '../outbox-tables.js';
import { OutboxTablesError } from '../outbox-tables-error.js';
import { numberOf } from '../row-values.js';
import { marks, runStatement, type StatementOwner } from '../run-statement.js';

/**
 * Locks lanes until the transaction ends. The rows are read by the primary key and so locked in its order, whatever the
 * order of the values; a full scan would lock the lanes of other writers too.
 *
 * @param lanes each once
 * @returns the most bytes of a statement, `max_allowed_packet`
 * @throws OutboxTablesError when a row is missing, which would exclude nobody
 */
export async function lockLanes(
  executor: SqlExecutor,
  { lanes: table }: OutboxTables,
  owner: StatementOwner,
  lanes: readonly number[],
): Promise<number> {
  if (lanes.length === 0) return Number.POSITIVE_INFINITY;
  const isEveryLane = lanes.length === LANES;
  const condition = isEveryLane ? '' : `WHERE lane IN (${marks(lanes)})`;
  const text = `SELECT lane, @@max_allowed_packet AS packet FROM ${table} FORCE INDEX (PRIMARY) ${condition} ORDER BY lane FOR UPDATE`;
  const { rows } = await runStatement(executor, owner, text, isEveryLane ? [] : lanes);
  if (rows.length !== lanes.length) throw new OutboxTablesError('older', { table, expected: owner.version });
  return numberOf(rows[0] ?? {}, 'packet') ?? Number.POSITIVE_INFINITY;
}
