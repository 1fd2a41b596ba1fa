import { InfrastructureError } from '@openedx-ts/events-core';
import { type OptionRule, resolveOptions, runtime } from '@openedx-ts/events-core/bus';
import type { Inbox, InboxKey } from './inbox.js';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';
import { isConnectionTrouble } from './postgres-trouble.js';

/** The part of a connection that is used: that of `pg`. */
export interface PostgresInboxClient {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{
    readonly rowCount: number | null;
    /** Which statement it was. */
    readonly command: string;
  }>;
  /** Gives it back to its pool; with `true`, the pool drops it. */
  release(isBroken?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a pool that is used: that of `pg`. */
export interface PostgresInboxPool {
  connect(): Promise<PostgresInboxClient>;
}

/** What a pool lends. That of `pg` has a second `connect`, with a callback. */
export type LentBy<Pool> = Pool extends {
  connect(): Promise<infer Client>;
  connect(callback: never): void;
}
  ? Client
  : Pool extends { connect(): Promise<infer Client> }
    ? Client
    : never;

/** What `postgresInbox` is told. */
export interface PostgresInboxOptions extends InboxOptions {
  /** The table, made by `postgresInboxTable`; may have a schema in front. @defaultValue 'events_inbox' */
  readonly table?: string;
}

/**
 * Remembers in PostgreSQL and lends the receiver the transaction in which it does: what the receiver writes by it
 * happens exactly once, whenever a process dies.
 *
 * @param pool stays open; it is the caller's
 * @throws InvalidOptionsError
 */
export function postgresInbox<Pool extends PostgresInboxPool>(
  pool: Pool,
  options: PostgresInboxOptions = {},
): Inbox<LentBy<Pool>> {
  const rules = { ...inboxOptionRules, table: tableRule };
  const { ttlMs, table } = resolveOptions<Required<PostgresInboxOptions>>('postgresInbox', options, rules);
  const note = `INSERT INTO ${table} (group_id, receiver, source, event_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
  const forget = `DELETE FROM ${table} WHERE handled_at < now() - $1 * interval '1 millisecond'`;
  let forgetAt = Number.NEGATIVE_INFINITY;

  const forgetOld = async (client: PostgresInboxClient): Promise<void> => {
    const now = runtime().clock.monotonic();
    if (now < forgetAt || ttlMs === Number.POSITIVE_INFINITY) return;
    forgetAt = now + Math.min(ttlMs, FORGET_EVERY_MS);
    await ask(client, forget, [ttlMs]);
  };

  return {
    handle: async ({ groupId, receiver, source, id }: InboxKey, run) => {
      const client = await pool.connect().catch(trouble);
      client.on('error', heard);
      try {
        await forgetOld(client);
        await ask(client, 'BEGIN');
        // A second one that comes meanwhile waits here until the first has ended, and then knows how.
        const { rowCount } = await ask(client, note, [groupId, receiver, source, id]);
        if (rowCount !== 0) await run(client as LentBy<Pool>);
        // After a statement that failed, PostgreSQL takes a COMMIT for a ROLLBACK, and says so only here.
        const { command } = await ask(client, 'COMMIT');
        if (command !== 'COMMIT')
          throw new Error(`a statement of receiver ${receiver} failed, unnoticed by it`);
        client.off('error', heard);
        client.release();
        return rowCount !== 0;
      } catch (error) {
        const isClean = await client.query('ROLLBACK').then(isTrue, isFalse);
        client.off('error', heard);
        client.release(!isClean); // one in an unknown state goes no further
        throw error;
      }
    },
  };
}

/** The statement that makes the table, for a migration of yours. Safe to run twice. */
export function postgresInboxTable(table = 'events_inbox'): string {
  const problem = tableRule.problem(table);
  if (problem !== undefined) throw new TypeError(`postgresInboxTable: table ${problem}`);
  return `CREATE TABLE IF NOT EXISTS ${table} (
  group_id text NOT NULL,
  receiver text NOT NULL,
  source text NOT NULL,
  event_id text NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_id, receiver, source, event_id)
);
CREATE INDEX IF NOT EXISTS ${table.replace('.', '_')}_handled_at ON ${table} (handled_at);`;
}

/** A connection that breaks says so besides failing what it was asked; unheard, that would end the process. */
const heard = () => {};
const isTrue = () => true;
const isFalse = () => false;

const FORGET_EVERY_MS = 60_000;

/** It becomes part of statements, so it is a plain name. */
const tableRule: OptionRule<string> = {
  defaultValue: 'events_inbox',
  problem: (value) =>
    typeof value === 'string' && /^[a-z_]\w{0,40}(\.[a-z_]\w{0,40})?$/i.test(value)
      ? undefined
      : 'must be a plain name such as events_inbox or app.events_inbox',
};

function ask(client: PostgresInboxClient, text: string, values: readonly unknown[] = []) {
  return client.query(text, values).catch(trouble);
}

function trouble(cause: unknown): never {
  if (isConnectionTrouble(cause))
    throw new InfrastructureError('the inbox in PostgreSQL cannot be asked', { cause });
  throw cause;
}
