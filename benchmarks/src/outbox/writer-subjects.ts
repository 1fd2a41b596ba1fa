import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { route, startEventBus } from '@openedx-ts/events-core';
import type { EncodedEvent } from '@openedx-ts/events-core/bus';
import { laneOf, type SqlOutbox, sqlOutbox } from '@openedx-ts/events-outbox';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { keepInFlight } from '../bus/in-flight.js';
import type { Subject } from '../measure.js';
import type { OutboxDatabase } from './outbox-database.js';
import { enrollmentOf, entryOf, eventKeyField, topic } from './sample-events.js';

/** What writers do, until disposed of. */
export interface WriterSubjects extends AsyncDisposable {
  readonly subjects: readonly Subject[];
}

/** A service that stores a row and sends an event in each transaction, beside one that stores the same bytes by itself. */
export async function writerSubjects(
  db: OutboxDatabase,
  events: readonly EncodedEvent[],
): Promise<WriterSubjects> {
  const { database } = db;
  const insertPlain = await plainInsert(database, events);
  const outbox = sqlOutbox(database, { relay: false });
  const routes = [route(COURSE_ENROLLMENT_CREATED, { topic, eventKeyField, mode: 'outbox' })];
  const bus = await startEventBus({ routes, outbox });
  const prepare = async () => {
    for (const table of tables) await db.empty(table);
  };
  const subject = (name: string, transaction: (index: number) => Promise<void>): Subject => {
    let index = 0;
    const next = () => transaction(index++);
    return { name, prepare, run: (times) => keepInFlight(writers, times, next) };
  };
  return {
    subjects: [
      subject('plain insert', (index) =>
        database.transaction(async (_, executor) => {
          await insertRow(executor);
          await insertPlain(executor, index);
        }),
      ),
      subject('outbox', (index) => sendInTransaction(outbox, database, enrollmentOf(index, events.length))),
      subject('outbox, one key', () => sendInTransaction(outbox, database, enrollmentOf(0, 1))),
    ],
    [Symbol.asyncDispose]: () => bus.close(),
  };
}

async function sendInTransaction(
  outbox: SqlOutbox<unknown>,
  database: SqlDatabase<unknown>,
  data: ReturnType<typeof enrollmentOf>,
): Promise<void> {
  await database.transaction(async (_, executor) => {
    await insertRow(executor);
    await outbox.within(executor, async () => {
      await COURSE_ENROLLMENT_CREATED.sendEvent(data);
    });
  });
}

async function insertRow(executor: SqlExecutor): Promise<void> {
  await executor.query(`INSERT INTO enrolled (username, course) VALUES ('ada.lovelace', 'DemoX')`);
}

/** Into a table with the same columns and keys as that of the outbox. */
async function plainInsert(database: SqlDatabase<unknown>, events: readonly EncodedEvent[]) {
  const like = database.dialect === 'postgres' ? '(LIKE event_outbox INCLUDING ALL)' : 'LIKE event_outbox';
  await database.query(`CREATE TABLE plain_events ${like}`);
  await database.query('CREATE TABLE enrolled (username varchar(100), course varchar(100))');
  const rows = events.map((event) => {
    const entry = entryOf(event);
    const { eventType, eventId, key, keyBytes, keySchema, record, recordSchema, metadata } = entry;
    const about = [topic, laneOf(topic, key), eventType, eventId, key];
    return [...about, keyBytes, keySchema, record, recordSchema, metadata];
  });
  const marks = columns.map((_, index) => (database.dialect === 'postgres' ? `$${index + 1}` : '?'));
  const text = `INSERT INTO plain_events (${columns.join(', ')}) VALUES (${marks.join(', ')})`;
  return async (executor: SqlExecutor, index: number): Promise<void> => {
    await executor.query(text, rows[index % rows.length]);
  };
}

const tables = ['enrolled', 'event_outbox', 'plain_events'];
const columns = [
  ...['topic', 'lane', 'event_type', 'event_id', 'event_key', 'key_bytes', 'key_schema'],
  ...['record', 'record_schema', 'metadata'],
];
const writers = 16;
