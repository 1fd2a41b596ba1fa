import { avroCodec } from '@openedx-ts/events-avro';
import {
  configureEvents,
  defineSignal,
  long,
  type OpenEdxPublicSignal,
  record,
  route,
  type StartedEventBus,
  silentLogger,
  startEventBus,
  string,
} from '@openedx-ts/events-core';
import { type EventOutbox, snapshotSignals } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { type SqlOutbox, type SqlOutboxOptions, sqlOutbox } from '../sql-outbox.js';
import { mysqlOutboxStore } from '../store/mysql/mysql-outbox-store.js';
import type { OutboxStore } from '../store/outbox-store.js';
import type { OutboxStoreOptions } from '../store/outbox-tables.js';
import { postgresOutboxStore } from '../store/postgres/postgres-outbox-store.js';

/** A library with its database, as a test file has opened it. */
export interface LibraryUnderTest<Transaction> {
  readonly database: SqlDatabase<Transaction>;
  /** Makes the executor of a transaction that the library itself has started. */
  executorOf(transaction: Transaction): SqlExecutor;
  /** The executor of the library's pool or database. */
  readonly poolExecutor: SqlExecutor;
  /** Starts a transaction with the library's own means, and rejects when the work rejects. */
  startItself<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** A service that stores changes and sends events about them, with tables that are empty before each test. */
export class ServiceUnderTest<Transaction> {
  readonly #library: () => LibraryUnderTest<Transaction>;
  readonly #buses: StartedEventBus[] = [];
  signal = undefined as unknown as ReturnType<typeof defineEnrollment>;

  /** Registers hooks with vitest. */
  constructor(library: () => LibraryUnderTest<Transaction>) {
    this.#library = library;
    const restore = snapshotSignals();
    beforeAll(async () => {
      await this.store.migrate(this.database);
      await this.database.query('DROP TABLE IF EXISTS changes');
      await this.database.query('CREATE TABLE changes (id integer PRIMARY KEY)');
    });
    beforeEach(async () => {
      configureEvents({ logger: silentLogger });
      this.signal = defineEnrollment();
      await this.database.query('DELETE FROM changes');
      await this.database.query('DELETE FROM event_outbox');
    });
    afterEach(async () => {
      await Promise.all(this.#buses.splice(0).map((bus) => bus.close()));
      restore();
    });
  }

  get library(): LibraryUnderTest<Transaction> {
    return this.#library();
  }

  get database(): SqlDatabase<Transaction> {
    return this.library.database;
  }

  get store(): OutboxStore {
    return this.storeOf({});
  }

  storeOf(options: OutboxStoreOptions): OutboxStore {
    return this.database.dialect === 'mysql' ? mysqlOutboxStore(options) : postgresOutboxStore(options);
  }

  /** Starts the service, whose only route has the mode outbox. */
  async start(options: SqlOutboxOptions = {}): Promise<SqlOutbox<Transaction>> {
    const outbox = sqlOutbox(this.database, options);
    await this.startWith(outbox);
    return outbox;
  }

  async startWith(outbox: EventOutbox): Promise<StartedEventBus> {
    const routes = [route(this.signal, { topic: 'enrollments', eventKeyField: 'enrollment.user' })];
    return this.closeLater(await startEventBus({ routes, outbox, producerMode: 'outbox' }));
  }

  /** Closes a bus after the test. */
  closeLater(bus: StartedEventBus): StartedEventBus {
    this.#buses.push(bus);
    return bus;
  }

  /** Sends an event that `committed` recognises by its id. */
  async send(id: number, user = 'ann'): Promise<void> {
    await this.signal.sendEvent({ enrollment: { id, user } });
  }

  async change(transaction: Transaction, id: number): Promise<void> {
    await this.library.executorOf(transaction).query(`INSERT INTO changes (id) VALUES (${id})`);
  }

  /** Returns the ids of the changes, and those of the stored events in the order of their positions. */
  async committed(): Promise<{ readonly changes: readonly number[]; readonly events: readonly number[] }> {
    const changes = await this.database.query('SELECT id FROM changes ORDER BY id');
    const events = await this.database.query('SELECT record FROM event_outbox ORDER BY position');
    const codec = await avroCodec().bind(this.signal as unknown as OpenEdxPublicSignal);
    return {
      changes: changes.rows.map(({ id }) => Number(id)),
      events: events.rows.map((row) => {
        const data = codec.decode(new Uint8Array(row.record as Uint8Array), null);
        return (data as { enrollment: { id: number } }).enrollment.id;
      }),
    };
  }
}

function defineEnrollment() {
  return defineSignal({
    eventType: 'org.openedx.learning.course.enrollment.created.v1',
    data: { enrollment: record('EnrollmentData', { id: long(), user: string({ pii: 'username' }) }) },
  });
}
