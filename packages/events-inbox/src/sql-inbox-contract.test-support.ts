import { TransactionScope } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlDialect, SqlExecutor } from '@openedx-ts/events-sql';
import { beforeAll, expect, it } from 'vitest';
import { describeInbox, newKey } from './inbox-contract.test-support.js';
import { sqlInbox } from './sql-inbox.js';
import { sqlInboxTable } from './sql-inbox-table.js';

/** The values of a row that is two days old. */
function oldRow(dialect: SqlDialect, id: string): string {
  return dialect === 'mysql'
    ? `(UNHEX(SHA2('${id}', 256)), 'g', 'r', 's', '${id}', NOW(6) - INTERVAL 2 DAY)`
    : `('g', 'r', 's', '${id}', now() - INTERVAL '2 days')`;
}

/** Tests `sqlInbox` on a database. @param executorOf the executor of a transaction that the receiver gets */
export function describeSqlInbox<Transaction>(
  opened: () => SqlDatabase<Transaction>,
  executorOf: (transaction: Transaction) => SqlExecutor,
): void {
  let database: SqlDatabase<Transaction>;
  beforeAll(async () => {
    database = opened();
    await database.query('CREATE TABLE sent (n int)');
    await database.query('CREATE TABLE inbox_effects (n int)');
    for (const statement of [...sqlInboxTable(database.dialect), ...sqlInboxTable(database.dialect)])
      await database.query(statement);
  });

  const effect = (transaction: Transaction) =>
    executorOf(transaction).query('INSERT INTO inbox_effects (n) VALUES (1)');
  const countOf = async (table: string) => (await database.query(`SELECT 1 AS one FROM ${table}`)).rowCount;

  describeInbox(() => sqlInbox(database));

  it('distinguishes keys that differ only in case, accents or spaces at the end', async () => {
    const key = newKey();
    for (const receiver of ['charge', 'Charge', 'chargé', 'charge '])
      expect(await sqlInbox(database).handle({ ...key, receiver }, () => {})).toBe(true);
  });

  it('has the effect of a receiver that succeeds once, and none of one that fails', async () => {
    const before = await countOf('inbox_effects');
    const inbox = sqlInbox(database);
    const key = newKey();
    const failing = inbox.handle(key, async (transaction) => {
      await effect(transaction);
      throw new Error('after the effect');
    });
    await expect(failing).rejects.toThrow('after the effect');
    await inbox.handle(key, effect);
    await inbox.handle(key, effect);
    expect(await countOf('inbox_effects')).toBe(before + 1);
  });

  it('forgets events older than ttlMs', async () => {
    const key = newKey();
    await sqlInbox(database, { ttlMs: 0 }).handle(key, () => {});
    expect(await sqlInbox(database, { ttlMs: 60_000 }).handle(key, () => {})).toBe(false);
    expect(await sqlInbox(database, { ttlMs: 0 }).handle(key, () => {})).toBe(true);
  });

  it('deletes a thousand old events at most before it processes one, and the others before the next', async () => {
    await database.query('DELETE FROM events_inbox');
    const rows = Array.from({ length: 2_500 }, (_, index) => oldRow(database.dialect, `old-${index}`));
    const hash = database.dialect === 'mysql' ? 'key_hash, ' : '';
    await database.query(
      `INSERT INTO events_inbox (${hash}group_id, receiver, source, event_id, handled_at) VALUES ${rows.join(', ')}`,
    );
    const inbox = sqlInbox(database, { ttlMs: 3_600_000 });
    const left: number[] = [];
    for (let event = 0; event < 3; event += 1) {
      await inbox.handle(newKey(), () => {});
      left.push(await countOf('events_inbox'));
    }
    expect(left).toEqual([1_501, 502, 3]);
  });

  it('publishes what the receiver sends through on-commit routes after the commit, or nothing', async () => {
    const inbox = sqlInbox(database);
    const key = newKey();
    const seen: unknown[] = [];
    const receiver = (fails: boolean) => async (transaction: Transaction) => {
      await effect(transaction);
      // As a route with the mode on-commit does.
      TransactionScope.current()?.defer({
        run: () => void seen.push(countOf('inbox_effects')),
        drop: () => void seen.push('dropped'),
      });
      expect(seen).toEqual(fails ? [] : ['dropped']);
      if (fails) throw new Error('after sending');
    };
    const before = await countOf('inbox_effects');
    await expect(inbox.handle(key, receiver(true))).rejects.toThrow('after sending');
    await inbox.handle(key, receiver(false));
    expect(await Promise.all(seen)).toEqual(['dropped', before + 1]);
  });

  it('lets the outbox store what the receiver sends in the transaction of its effect, or nothing', async () => {
    const sending: string[] = [];
    const outbox = {
      async within<T>(executor: SqlExecutor, work: () => Promise<T>): Promise<T> {
        const result = await work();
        for (const _ of sending.splice(0)) await executor.query('INSERT INTO sent (n) VALUES (1)');
        return result;
      },
    };
    const inbox = sqlInbox(database, { outbox });
    const key = newKey();
    const before = await countOf('inbox_effects');
    const receiver = (fails: boolean) => async (transaction: Transaction) => {
      await effect(transaction);
      sending.push('an event');
      if (fails) throw new Error('after sending');
    };
    await expect(inbox.handle(key, receiver(true))).rejects.toThrow('after sending');
    expect(await countOf('sent')).toBe(0);
    sending.length = 0;
    expect(await inbox.handle(key, receiver(false))).toBe(true);
    expect(await inbox.handle(key, receiver(false))).toBe(false);
    expect([await countOf('sent'), await countOf('inbox_effects')]).toEqual([1, before + 1]);
  });
}
