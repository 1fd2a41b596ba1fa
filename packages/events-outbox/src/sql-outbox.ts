import { avroCodec } from '@openedx-ts/events-avro';
import {
  type Health,
  IllegalStateError,
  InvalidOptionsError,
  NoTransactionError,
  type OutgoingEvent,
  type PayloadFields,
  type Producer,
  type Route,
} from '@openedx-ts/events-core';
import {
  anything,
  combineHealth,
  durationMs,
  type EventCodec,
  type EventOutbox,
  type OptionRules,
  oneOf,
  resolveOptions,
  waitAtMost,
} from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { answerWithin } from './database/answer-within.js';
import { OutboxRelay } from './relay/outbox-relay.js';
import { type RelayOptions, relayOptionRules } from './relay/relay-options.js';
import { assertTransaction } from './scope/assert-transaction.js';
import { OutboxEncoder } from './scope/outbox-encoder.js';
import { type OutboxEvent, outgoingOf } from './scope/outbox-event.js';
import { OutboxPreparation } from './scope/outbox-preparation.js';
import { OutboxTransactions } from './scope/outbox-transactions.js';
import { mysqlOutboxStore } from './store/mysql/mysql-outbox-store.js';
import type { OutboxEntry } from './store/outbox-entry.js';
import type { OutboxStore } from './store/outbox-store.js';
import { postgresOutboxStore } from './store/postgres/postgres-outbox-store.js';

/** Options of `sqlOutbox`. */
export interface SqlOutboxOptions {
  /** How data becomes bytes; the same as that of the bus. @defaultValue Avro */
  readonly codec?: EventCodec | undefined;
  /** The statements, e.g. for tables of other names. @defaultValue those of the database's dialect */
  readonly store?: OutboxStore | undefined;
  /**
   * What happens to an event that is sent outside a transaction: `refuse` rejects its `sendEvent`; `append` stores it by a
   * transaction of its own, so that it is published although the sender's change may fail. @defaultValue 'refuse'
   */
  readonly outside?: 'refuse' | 'append';
  /** Options of the relay that runs in this process beside a bus; `false` for none. @defaultValue those of `OutboxRelay` */
  readonly relay?: RelayOptions | false;
  /** How long `close` waits for transactions that are open, in milliseconds. @defaultValue 5000 */
  readonly closeTimeoutMs?: number;
}

/**
 * An outbox in the application's own database. Give it to `startEventBus`, which also closes it. Each `sendEvent` of a
 * route with the mode `outbox` finds the transaction of its async context by itself.
 */
export interface SqlOutbox<Transaction> extends EventOutbox {
  /**
   * Runs work in a database transaction. The events that it sends are stored by the last statement before COMMIT, so they
   * are published if and only if it commits. Inside another transaction of this outbox the work runs in a savepoint of
   * that one: when it rejects, its changes and its events are dropped, and the outer work may go on.
   *
   * @param work gets the transaction of the database's library
   * @returns what the work returns
   * @throws what the work throws; the error of an event that could not be encoded, even if the work has ignored it. Invalid
   *   data are refused before that: who ignores an `InvalidDataError` commits without the event
   * @throws TransactionEndedError when the work has not awaited a `sendEvent`
   * @throws OutboxTablesError when the tables are missing or of another version
   * @throws InfrastructureError when the database is unreachable
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * The same for a transaction that you have started yourself and commit: `work` sends the events, and they are stored
   * when it resolves. Let it be the last thing in the transaction, and let the transaction reject when `within` rejects.
   * Events of `on-commit` routes are published when `work` resolves, unless `publishOnCommit` is around the transaction.
   *
   * @param executor of the transaction, e.g. `kyselyExecutor(trx)`
   * @throws IllegalStateError when it is of a pool
   */
  within<T>(executor: SqlExecutor, work: () => T | Promise<T>): Promise<T>;
  /**
   * Makes the relay of this process look for events at once, instead of when it polls next. Call it after the COMMIT of a
   * transaction of yours, in which `within` or `append` has stored some. Cheap, however often; does nothing where another
   * process publishes.
   */
  nudge(): void;
  /**
   * Stores events in a transaction of yours at once, without routes, receivers and async context. Call it once, as the last
   * statement before COMMIT: it locks the lanes of its keys until then.
   *
   * @throws InvalidDataError, LocalOnlyError, ProducerConfigurationError, EncodingFailedError
   * @throws IllegalStateError when the executor is of a pool
   */
  append<Fields extends readonly PayloadFields[]>(
    executor: SqlExecutor,
    events: { readonly [Index in keyof Fields]: OutboxEvent<Fields[Index]> },
  ): Promise<void>;
}

/**
 * Creates an outbox in a database.
 *
 * @param database e.g. `pgDatabase(pool)` or `kyselyDatabase(db)`; it belongs to the caller, who closes it after the bus
 * @throws InvalidOptionsError
 */
export function sqlOutbox<Transaction>(
  database: SqlDatabase<Transaction>,
  options: SqlOutboxOptions = {},
): SqlOutbox<Transaction> {
  return new DatabaseOutbox(database, options);
}

class DatabaseOutbox<Transaction> implements SqlOutbox<Transaction> {
  readonly #database: SqlDatabase<Transaction>;
  readonly #options: ResolvedOptions;
  readonly #store: OutboxStore;
  readonly #encoder: OutboxEncoder;
  readonly #preparation: OutboxPreparation;
  readonly #transactions: OutboxTransactions<Transaction>;
  #relay: OutboxRelay | undefined;
  #closing: Promise<void> | undefined;
  readonly #closed = new AbortController();

  constructor(database: SqlDatabase<Transaction>, options: SqlOutboxOptions) {
    this.#options = resolveOptions<ResolvedOptions>('sqlOutbox', options, optionRules);
    const store = this.#options.store ?? stores[database.dialect]();
    if (store.dialect !== database.dialect) throw otherDialect(store, database);
    if (this.#options.relay !== false)
      resolveOptions('sqlOutbox: relay', this.#options.relay, relayOptionRules);
    this.#database = database;
    this.#store = store;
    this.#encoder = new OutboxEncoder(this.#options.codec ?? avroCodec(), (schemas) =>
      this.#prepare((db) => store.storeSchemas(db, schemas)),
    );
    this.#preparation = new OutboxPreparation({
      checkTables: () => this.#prepare((db) => store.checkVersion(db)),
      prepareSchemas: (routes) => this.#encoder.prepare(routes),
    });
    this.#transactions = new OutboxTransactions({
      database,
      store,
      mustAccept: () => this.#mustBe(this.#closed.signal.aborted, 'commit'),
      onCommitted: () => this.nudge(),
    });
  }

  warmUp(routes: readonly Route[]): Promise<void> {
    return this.#preparation.warmUp(routes);
  }

  add(event: OutgoingEvent): void | Promise<void> {
    const { eventType } = event.metadata;
    const scope = this.#transactions.scopeFor(eventType);
    if (scope !== undefined) return scope.collect(eventType, () => this.#encoder.encode(event));
    if (this.#options.outside === 'refuse') throw new NoTransactionError(eventType, event.topic);
    return this.#transactions.track(this.#appendAlone(event));
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (!this.#transactions.isInside) {
      this.#mustBe(this.#closing !== undefined, 'transaction');
      // While a transaction is open, a database with one connection could not store schemas.
      await this.#preparation.ready();
    }
    return this.#transactions.transaction(work);
  }

  async within<T>(executor: SqlExecutor, work: () => T | Promise<T>): Promise<T> {
    if (!this.#transactions.isInside) this.#mustBe(this.#closing !== undefined, 'within');
    assertTransaction(executor, 'within');
    return this.#transactions.within(executor, work);
  }

  async append<Fields extends readonly PayloadFields[]>(
    executor: SqlExecutor,
    events: { readonly [Index in keyof Fields]: OutboxEvent<Fields[Index]> },
  ): Promise<void> {
    this.#mustBe(this.#closed.signal.aborted, 'append');
    assertTransaction(executor, 'append');
    const entries: OutboxEntry[] = [];
    for (const event of events as unknown as readonly OutboxEvent[]) {
      entries.push(await this.#encoder.encode(outgoingOf(event)));
    }
    if (entries.length > 0) await this.#store.append(executor, entries);
  }

  nudge(): void {
    this.#relay?.nudge();
  }

  startRelay(producer: Producer): void {
    const { relay: options } = this.#options;
    if (options === false || this.#closing !== undefined || this.#relay !== undefined) return;
    this.#relay = new OutboxRelay({ database: this.#database, store: this.#store, producer, options });
    this.#relay.run().catch(() => {}); // its log and health have the error
  }

  health(): Health {
    const relay = this.#relay;
    return combineHealth([this.#preparation.health(), ...(relay === undefined ? [] : [relay.health()])]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await waitAtMost(this.#options.closeTimeoutMs, this.#transactions.settled());
    this.#closed.abort();
    await Promise.all([this.#preparation.close(), this.#relay?.close()]);
  }

  /** Runs statements that prepare the outbox, until it is closed. */
  #prepare<T>(work: (database: SqlDatabase<unknown>) => Promise<T>): Promise<T> {
    return answerWithin(this.#database, PREPARE_MS, work, this.#closed.signal);
  }

  async #appendAlone(event: OutgoingEvent): Promise<void> {
    const entry = await this.#encoder.encode(event);
    this.#mustBe(this.#closed.signal.aborted, 'append');
    await this.#database.transaction((_, executor) => this.#store.append(executor, [entry]));
    this.nudge();
  }

  #mustBe(isClosed: boolean, operation: string): void {
    if (isClosed) throw new IllegalStateError(operation, 'closed');
  }
}

type ResolvedOptions = Required<SqlOutboxOptions>;

/** How long a start waits for a database that accepts connections and does not answer; then it counts as unreachable. */
const PREPARE_MS = 10_000;

const optionRules: OptionRules<ResolvedOptions> = {
  codec: anything(undefined),
  store: anything(undefined),
  outside: oneOf(['refuse', 'append'], 'refuse'),
  relay: anything({}),
  closeTimeoutMs: durationMs(5_000),
};

const stores = { postgres: postgresOutboxStore, mysql: mysqlOutboxStore };

function otherDialect(store: OutboxStore, database: Pick<SqlExecutor, 'dialect'>): InvalidOptionsError {
  const message = `is for ${store.dialect}, and the database is ${database.dialect}: use the store of its dialect`;
  return new InvalidOptionsError('sqlOutbox', [{ path: 'store', message }]);
}
