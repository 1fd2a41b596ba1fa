import { type OptionRule, resolveOptions } from '@openedx-ts/events-core/bus';

/** Options of a store. */
export interface OutboxStoreOptions {
  /**
   * The table of pending events; may be qualified with a schema (on MySQL, a database). The names of the other tables
   * start with it. @defaultValue 'event_outbox'
   */
  readonly table?: string;
}

/** The names of the tables of an outbox. */
export interface OutboxTables {
  readonly pending: string;
  readonly schemas: string;
  readonly parked: string;
  readonly published: string;
  readonly relay: string;
  /** On MySQL only. */
  readonly lanes: string;
  readonly migrations: string;
}

/**
 * Returns the names of the tables.
 *
 * @param subject the function that got the options
 * @throws InvalidOptionsError
 */
export function outboxTables(subject: string, options: OutboxStoreOptions): OutboxTables {
  const { table } = resolveOptions<Required<OutboxStoreOptions>>(subject, options, { table: tableRule });
  return {
    pending: table,
    schemas: `${table}_schemas`,
    parked: `${table}_parked`,
    published: `${table}_published`,
    relay: `${table}_relay`,
    lanes: `${table}_lanes`,
    migrations: `${table}_migrations`,
  };
}

/** The name becomes part of statements, so it must be plain. PostgreSQL cuts names of more than 63 characters. */
const tableRule: OptionRule<string> = {
  defaultValue: 'event_outbox',
  problem: (value) =>
    typeof value === 'string' && /^[a-z_]\w{0,39}(\.[a-z_]\w{0,39})?$/i.test(value)
      ? undefined
      : 'must be a plain name such as event_outbox or app.event_outbox',
};
