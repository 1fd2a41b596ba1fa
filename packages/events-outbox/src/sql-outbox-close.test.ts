import {
  configureEvents,
  createMetadata,
  defineSignal,
  type OutgoingEvent,
  route,
  silentLogger,
  string,
} from '@openedx-ts/events-core';
import { deferred, snapshotSignals } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { settle, TestClock } from './relay/test-clock.test-support.js';
import { sqlOutbox } from './sql-outbox.js';
import { postgresOutboxStore } from './store/postgres/postgres-outbox-store.js';

const restore = snapshotSignals();
let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
  configureEvents({ clock, logger: silentLogger });
});
afterEach(restore);

const defineOrder = () =>
  defineSignal({ eventType: 'org.openedx.test.order.placed.v1', data: { id: string() } });

/** A database whose statements and transactions wait for a promise. */
function databaseThatAnswers(when: Promise<unknown>): SqlDatabase<undefined> {
  const query = async () => {
    await when;
    return { rows: [{ found: 1, version: 1, readable_from: 1 }], rowCount: 1 };
  };
  const executor: SqlExecutor = { dialect: 'postgres', connection: {}, query };
  return { dialect: 'postgres', query, transaction: (work) => when.then(() => work(undefined, executor)) };
}

it('closing waits for an event that is being stored outside a transaction', async () => {
  const answers = deferred();
  const stored: string[] = [];
  const append = async () => void stored.push('an event');
  const store = { ...postgresOutboxStore(), storeSchemas: async () => {}, append };
  const outbox = sqlOutbox(databaseThatAnswers(answers.promise), { store, outside: 'append', relay: false });
  const signal = defineOrder();
  const event = { signal, topic: 'orders', eventKeyField: 'id', data: { id: '7' } };
  const metadata = createMetadata({ eventType: signal.eventType });
  const adding = outbox.add({ ...event, metadata } as unknown as OutgoingEvent);
  await settle();
  let isClosed = false;
  const closing = outbox.close().then(() => {
    isClosed = true;
  });
  await settle();
  expect(isClosed).toBe(false);
  answers.resolve();
  await Promise.all([adding, closing]);
  expect(stored).toEqual(['an event']);
});

it('a start waits ten seconds for a database that does not answer, and closing does not wait for it', async () => {
  const outbox = sqlOutbox(databaseThatAnswers(new Promise(() => {})), { relay: false });
  const started = outbox.warmUp([route(defineOrder(), { topic: 'orders', eventKeyField: 'id' })]);
  await clock.advance(10_000);
  await started;
  expect(outbox.health()).toMatchObject({
    ready: false,
    reasons: ['the outbox is not ready: no answer within 10000 ms'],
  });
  await clock.advance(1_000); // it is tried again
  await outbox.close();
  await settle();
  expect(clock.pending).toBe(0);
});
