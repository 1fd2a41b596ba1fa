import { InfrastructureError } from '@openedx-ts/events-core';
import { type OptionRule, resolveOptions, runtime } from '@openedx-ts/events-core/bus';
import type { Inbox, InboxKey } from './inbox.js';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';
import { isConnectionError } from './is-connection-error.js';

/** The part of a `pg` client that the inbox uses. */
export interface PostgresInboxClient {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{
    readonly rowCount: number | null;
    /** The statement that was executed, such as `COMMIT`. */
    readonly command: string;
  }>;
  /** Returns the client to its pool; with `true`, the pool closes it. */
  release(isBroken?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a `pg` pool that the inbox uses. */
export interface PostgresInboxPool {
  connect(): Promise<PostgresInboxClient>;
}

/** The client of a pool. The pool of `pg` has a second `connect`, with a callback. */
export type LentBy<Pool> = Pool extends {
  connect(): Promise<infer Client>;
  connect(callback: never): void;
}
  ? Client
  : Pool extends { connect(): Promise<infer Client> }
    ? Client
    : never;

/** Options of `postgresInbox`. */
export interface PostgresInboxOptions extends InboxOptions {
  /** The table, created by `postgresInboxTable`; may be qualified with a schema. @defaultValue 'events_inbox' */
  readonly table?: string;
}

/**
 * Creates an inbox that remembers events in PostgreSQL, and passes to the receiver a client inside the same transaction:
 * what the receiver writes through it happens exactly once, whenever a process dies.
 *
 * @param pool belongs to the caller, who closes it
 * @throws InvalidOptionsError
 */
export function postgresInbox<Pool extends PostgresInboxPool>(
  pool: Pool,
  options: PostgresInboxOptions = {},
): Inbox<LentBy<Pool>> {
  const rules = { ...inboxOptionRules, table: tableRule };
  const { ttlMs, table } = resolveOptions<Required<PostgresInboxOptions>>('postgresInbox', options, rules);
  const insert = `INSERT INTO ${table} (group_id, receiver, source, event_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
  const deleteOld = `DELETE FROM ${table} WHERE handled_at < now() - $1 * interval '1 millisecond'`;
  let forgetAt = Number.NEGATIVE_INFINITY;

  const forgetOld = async (client: PostgresInboxClient): Promise<void> => {
    const now = runtime().clock.monotonic();
    if (now < forgetAt || ttlMs === Number.POSITIVE_INFINITY) return;
    forgetAt = now + Math.min(ttlMs, FORGET_EVERY_MS);
    await query(client, deleteOld, [ttlMs]);
  };

  return {
    handle: async ({ groupId, receiver, source, id }: InboxKey, run) => {
      const client = await pool.connect().catch(rethrow);
      client.on('error', ignore);
      try {
        await forgetOld(client);
        await query(client, 'BEGIN');
        // A concurrent delivery of the event waits here until this transaction has ended.
        const { rowCount } = await query(client, insert, [groupId, receiver, source, id]);
        if (rowCount !== 0) await run(client as LentBy<Pool>);
        // After a failed statement PostgreSQL executes COMMIT as ROLLBACK, and reports that only here.
        const { command } = await query(client, 'COMMIT');
        if (command !== 'COMMIT')
          throw new Error(
            `a statement of receiver ${receiver} failed and the receiver ignored it, so PostgreSQL rolled back the transaction: let the receiver throw the error`,
          );
        client.off('error', ignore);
        client.release();
        return rowCount !== 0;
      } catch (error) {
        const isClean = await client.query('ROLLBACK').then(isTrue, isFalse);
        client.off('error', ignore);
        client.release(!isClean); // the pool must not reuse a client in an unknown state
        throw error;
      }
    },
  };
}

/** Returns the statement that creates the table, for your migrations. Safe to run twice. @throws TypeError for a wrong name */
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

/** A broken connection fails its query and also emits `error`; without a listener that would end the process. */
const ignore = () => {};
const isTrue = () => true;
const isFalse = () => false;

const FORGET_EVERY_MS = 60_000;

/** The name becomes part of statements, so it must be plain. */
const tableRule: OptionRule<string> = {
  defaultValue: 'events_inbox',
  problem: (value) =>
    typeof value === 'string' && /^[a-z_]\w{0,40}(\.[a-z_]\w{0,40})?$/i.test(value)
      ? undefined
      : 'must be a plain name such as events_inbox or app.events_inbox',
};

function query(client: PostgresInboxClient, text: string, values: readonly unknown[] = []) {
  return client.query(text, values).catch(rethrow);
}

function rethrow(cause: unknown): never {
  if (isConnectionError(cause))
    throw new InfrastructureError(
      'PostgreSQL, which holds the inbox, is unreachable; the event is tried again',
      { cause },
    );
  throw cause;
}
