import { randomUUID } from 'node:crypto';
import {
  mysqlOutboxStore,
  type OutboxStore,
  type PendingEntry,
  postgresOutboxStore,
  sqlOutbox,
} from '@openedx-ts/events-outbox';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { beforeEach } from 'vitest';
import { INVOICE_PAID, Money } from '../own-events.test-support.js';
import { type Run, run } from '../run.test-support.js';

/** A database that a test file has started. */
export interface DatabaseUnderTest {
  /** With a password. */
  readonly url: string;
  readonly database: SqlDatabase<unknown>;
}

/** An outbox that is empty before each test, and the commands that work on it. */
export class OutboxUnderTest {
  readonly #target: () => DatabaseUnderTest;
  readonly bus = ['--bus', './memory-bus.test-support.ts'];
  /** Another one in each test. */
  topic = '';

  /** Registers a hook with vitest. */
  constructor(target: () => DatabaseUnderTest) {
    this.#target = target;
    beforeEach(async () => {
      this.topic = `invoices-${randomUUID()}`;
      await this.storeOf().migrate(this.database);
      for (const table of ['event_outbox', 'event_outbox_parked', 'event_outbox_published'])
        await this.database.query(`DELETE FROM ${table}`);
    });
  }

  get url(): string {
    return this.#target().url;
  }

  get database(): SqlDatabase<unknown> {
    return this.#target().database;
  }

  storeOf(table = 'event_outbox'): OutboxStore {
    return this.database.dialect === 'mysql' ? mysqlOutboxStore({ table }) : postgresOutboxStore({ table });
  }

  run(...args: readonly string[]): Promise<Run> {
    return run(['outbox', ...args], { env: { DATABASE_URL: this.url, EVENTS_SERVICE_NAME: 'lms' } });
  }

  /** Appends invoices with these numbers as their keys. */
  async append(...numbers: readonly number[]): Promise<void> {
    const events = numbers.map((number) => ({
      ...{ signal: INVOICE_PAID, topic: this.topic, eventKeyField: 'invoice.number', data: invoice(number) },
    }));
    await this.database.transaction((_, executor) =>
      sqlOutbox(this.database, { relay: false }).append(executor, events as never),
    );
  }

  pending(maxRows = 100): Promise<readonly PendingEntry[]> {
    const page = { topic: this.topic, after: 0n, maxRows, maxBytes: 1e9, except: [], holdParkedKeys: false };
    return this.storeOf().readPending(this.database, page);
  }

  /** Parks the first pending events. */
  async park(count: number): Promise<void> {
    const entries = (await this.pending(count)).map(({ position, eventId }) => ({
      ...{ position, eventId, code: 'TOO_LARGE', reason: 'it is too large', attempts: 2 },
    }));
    await this.database.transaction((_, executor) => this.storeOf().park(executor, this.topic, entries));
  }
}

function invoice(number: number) {
  return {
    invoice: {
      number,
      total: new Money(1250, 'EUR'),
      lines: [],
      rates: {},
      note: 'for Ann',
      channel: 'shop',
      seal: new Uint8Array(3),
    },
  };
}
