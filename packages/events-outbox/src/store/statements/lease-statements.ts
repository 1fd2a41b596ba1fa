import { dialectSql } from '../dialect-sql.js';
import type { OutboxLease } from '../outbox-lease.js';
import type { RelayIdentity } from '../outbox-store.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { Queryable } from '../queryable.js';
import { bigintOf, type Row, textOf } from '../row-values.js';
import { runStatement, type StatementOwner } from '../run-statement.js';

/** The lease of the relay: one row, which is always there; nobody holds it while `holder` is empty. */
export class LeaseStatements {
  readonly #table: string;
  readonly #owner: StatementOwner;

  constructor({ relay }: OutboxTables, owner: StatementOwner) {
    this.#table = relay;
    this.#owner = owner;
  }

  /** See `OutboxStore.readLease`. */
  async readLease(queryable: Queryable): Promise<OutboxLease | undefined> {
    const lease = await this.#row(queryable);
    return lease === undefined || lease.holder === '' ? undefined : lease;
  }

  /** See `OutboxStore.takeLease`. */
  async takeLease(
    queryable: Queryable,
    seen: OutboxLease | undefined,
    { holder, host }: RelayIdentity,
  ): Promise<OutboxLease | undefined> {
    const last = seen ?? (await this.#row(queryable)) ?? (await this.#createRow(queryable));
    if (seen === undefined && last.holder !== '') return undefined;
    const taken = await this.#update(
      queryable,
      'holder = ?, host = ?, term = term + 1, beat = 0',
      [holder, host],
      'holder = ? AND term = ? AND beat = ?',
      [last.holder, last.term, last.beat],
    );
    return taken ? { holder, host, term: last.term + 1n, beat: 0n } : undefined;
  }

  /** See `OutboxStore.renewLease`. */
  async renewLease(queryable: Queryable, held: OutboxLease): Promise<OutboxLease | undefined> {
    const renewed = await this.#update(queryable, 'beat = beat + 1', [], ...isHeld(held));
    return renewed ? { ...held, beat: held.beat + 1n } : undefined;
  }

  /** See `OutboxStore.releaseLease`. The term stays, so that the next is greater. */
  async releaseLease(queryable: Queryable, held: OutboxLease): Promise<void> {
    await this.#update(queryable, "holder = '', host = '', beat = beat + 1", [], ...isHeld(held));
  }

  async #update(
    queryable: Queryable,
    change: string,
    changed: readonly unknown[],
    condition: string,
    compared: readonly unknown[],
  ): Promise<boolean> {
    const { now } = dialectSql[queryable.dialect];
    const text = `UPDATE ${this.#table} SET ${change}, renewed_at = ${now} WHERE id = 1 AND ${condition}`;
    const { rowCount } = await runStatement(queryable, this.#owner, text, [...changed, ...compared]);
    return rowCount === 1;
  }

  async #row(queryable: Queryable): Promise<OutboxLease | undefined> {
    const { text } = dialectSql[queryable.dialect];
    const columns = `holder, host, ${text('term')} AS term, ${text('beat')} AS beat`;
    const { rows } = await runStatement(
      queryable,
      this.#owner,
      `SELECT ${columns} FROM ${this.#table} WHERE id = 1`,
    );
    return rows.map(leaseOf)[0];
  }

  /** Somebody has emptied the table. Two relays may find that at once. */
  async #createRow(queryable: Queryable): Promise<OutboxLease> {
    const end =
      queryable.dialect === 'postgres' ? 'ON CONFLICT DO NOTHING' : 'ON DUPLICATE KEY UPDATE beat = beat + 0';
    const text = `INSERT INTO ${this.#table} (id, holder, host, term, beat) VALUES (1, '', '', 0, 0) ${end}`;
    await runStatement(queryable, this.#owner, text);
    return { holder: '', host: '', term: 0n, beat: 0n };
  }
}

function isHeld({ holder, term }: OutboxLease): readonly [string, readonly unknown[]] {
  return ['holder = ? AND term = ?', [holder, term]];
}

function leaseOf(row: Row): OutboxLease {
  return {
    holder: textOf(row, 'holder'),
    host: textOf(row, 'host'),
    term: bigintOf(row, 'term'),
    beat: bigintOf(row, 'beat'),
  };
}
