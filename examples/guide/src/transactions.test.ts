import { PGlite } from '@electric-sql/pglite';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { configureEvents, createMetadata, route, startEventBus } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { sqlInboxTable } from '@openedx-ts/events-inbox';
import { postgresOutboxStore, sqlOutbox } from '@openedx-ts/events-outbox';
import { kyselyDatabase } from '@openedx-ts/events-sql';
import { isolateSignals, publishedEvents } from '@openedx-ts/events-testing';
import { Kysely, PGliteDialect } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EnrollmentRow, enrollmentOf } from './send-and-route.js';
import {
  enrollAndAppend,
  enrollClass,
  enrollInTransaction,
  enrollOnCommit,
  enrollWithin,
  startWithOutbox,
  stop,
  type Tables,
} from './transactions.js';
import { connectWaitingList } from './transactions-inbox.js';
import { redriveParked, relay } from './transactions-operate.js';

const topic = 'learning-course-enrollment-lifecycle';
const eventKeyField = 'enrollment.course.course_key';

describe('the code of the guide on transactions', () => {
  let pglite: PGlite;
  let db: Kysely<Tables>;
  let broker: MemoryBroker;
  let signals: ReturnType<typeof isolateSignals>;
  beforeAll(async () => {
    pglite = await PGlite.create();
    db = new Kysely({ dialect: new PGliteDialect({ pglite }) });
    await postgresOutboxStore().migrate(kyselyDatabase(db));
    await pglite.exec('CREATE TABLE enrollments (username text PRIMARY KEY, course_key text NOT NULL)');
    for (const statement of sqlInboxTable('postgres')) await pglite.exec(statement);
  }, 240_000);
  afterAll(() => db.destroy(), 60_000);
  beforeEach(async () => {
    signals = isolateSignals({ runtime: { dispatch: 'robust' } });
    broker = new MemoryBroker();
    await pglite.exec('DELETE FROM enrollments');
  });
  afterEach(() => signals.restore());

  async function start(mode: 'outbox' | 'on-commit' = 'outbox') {
    const outbox = sqlOutbox(kyselyDatabase(db));
    const routes = [route(COURSE_ENROLLMENT_CREATED, { topic, eventKeyField, mode })];
    const bus = await startEventBus({ bus: memoryEventBus(broker), routes, outbox });
    return { outbox, bus, [Symbol.asyncDispose]: () => bus.close() };
  }

  const rowOf = (username: string): EnrollmentRow => ({
    userId: 7,
    username,
    email: `${username}@example.org`,
    courseKey: 'course-v1:edX+DemoX+2026',
    createdAt: new Date('2026-01-02T03:04:05Z'),
  });

  const stored = async () => (await db.selectFrom('enrollments').select('username').execute()).map(nameOf);
  const nameOf = ({ username }: { username: string }) => username;
  const published = async () =>
    (await publishedEvents(broker, COURSE_ENROLLMENT_CREATED)).map(
      ({ data }) => data.enrollment.user.pii.username,
    );

  it('publishes the events of transactions that commit, and no others', async () => {
    await using service = await start();
    const { outbox } = service;
    await enrollInTransaction(outbox, rowOf('ann'));
    await enrollWithin(db, outbox, rowOf('ben'));
    await enrollAndAppend(db, outbox, rowOf('cem'));
    for (const enrolling of [
      enrollInTransaction(outbox, rowOf('ann')),
      enrollWithin(db, outbox, rowOf('ben')),
      enrollAndAppend(db, outbox, rowOf('cem')),
    ]) {
      await expect(enrolling).rejects.toThrow(/duplicate key/);
    }
    await vi.waitFor(async () => expect(await published()).toEqual(['ann', 'ben', 'cem']));
    expect(await stored()).toEqual(['ann', 'ben', 'cem']);
  });

  it('continues the trace of a request behind the outbox', async () => {
    const request = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const send = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01' };
    const sentIn: unknown[] = [];
    configureEvents({
      telemetry: {
        ...noTelemetry,
        traceContext: () => request,
        send: ({ trace }) => {
          sentIn.push(trace);
          return { trace: send, accepted: () => {}, failed: () => {} };
        },
      },
    });
    await using service = await start();
    await enrollInTransaction(service.outbox, rowOf('ann'));
    await vi.waitFor(async () => expect(await published()).toEqual(['ann']));
    const [event] = await publishedEvents(broker, COURSE_ENROLLMENT_CREATED);
    expect([sentIn, event?.metadata.trace]).toEqual([[request], send]);
  });

  it('drops the learners of a class whose savepoints roll back', async () => {
    await using service = await start();
    const rows = ['ann', 'ben', 'ann', 'cem'].map(rowOf);
    expect(await enrollClass(service.outbox, rows)).toEqual(['ann']);
    await vi.waitFor(async () => expect(await published()).toEqual(['ann', 'ben', 'cem']));
  });

  it('publishes on commit without an outbox, and nothing of a transaction that rolls back', async () => {
    await using _service = await start('on-commit');
    await enrollOnCommit(db, rowOf('ann'));
    await expect(enrollOnCommit(db, rowOf('ann'))).rejects.toThrow(/duplicate key/);
    await vi.waitFor(async () => expect(await published()).toEqual(['ann']));
  });

  it('fills a place once, and publishes the event of it, however often the event is delivered', async () => {
    await using service = await start();
    let calls = 0;
    connectWaitingList(db, service.outbox, {
      first: async () => {
        calls += 1;
        // The first attempt fails after the inbox has noted the event.
        if (calls === 1) throw new Error('the waiting list is locked');
        return rowOf('dee');
      },
    });
    const metadata = createMetadata({ eventType: COURSE_UNENROLLMENT_COMPLETED.eventType });
    const deliver = async () => {
      const data = enrollmentOf(rowOf('ann'));
      const [result] = await COURSE_UNENROLLMENT_COMPLETED.sendEventWithMetadata(metadata, data);
      return result?.status;
    };
    expect([await deliver(), await deliver(), await deliver()]).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    await vi.waitFor(async () => expect(await published()).toEqual(['dee']));
    expect([calls, await stored()]).toEqual([2, ['dee']]);
  });

  it('publishes by a relay of its own, and redrives what was parked', async () => {
    {
      // Without a bus package in this process.
      const outbox = sqlOutbox(kyselyDatabase(db));
      const routes = [route(COURSE_ENROLLMENT_CREATED, { topic, eventKeyField, mode: 'outbox' })];
      await using _bus = await startEventBus({ routes, outbox });
      await enrollInTransaction(outbox, rowOf('ann'));
    }
    const database = kyselyDatabase(db);
    const printed = vi.spyOn(console, 'log').mockReturnValue();
    await pglite.exec("UPDATE event_outbox SET metadata = '?' || metadata");
    const ending = new AbortController();
    const relaying = relay(database, memoryEventBus(broker), ending.signal);
    const parked = () => pglite.query('SELECT position FROM event_outbox_parked');
    await vi.waitFor(async () => expect((await parked()).rows).toHaveLength(1));
    await pglite.exec('UPDATE event_outbox_parked SET metadata = substr(metadata, 2)');
    expect(await redriveParked(database, topic)).toBe(1);
    await vi.waitFor(async () => expect(await published()).toEqual(['ann']));
    expect(printed).toHaveBeenCalledOnce();
    printed.mockRestore();
    ending.abort();
    await relaying;
  });

  it('is configured by the environment, and closes everything', async () => {
    const producerConfig = {
      [COURSE_ENROLLMENT_CREATED.eventType]: { [topic]: { event_key_field: eventKeyField, enabled: true } },
    };
    const { outbox, bus } = await startWithOutbox(db, {
      EVENT_BUS: 'memory',
      EVENT_BUS_PRODUCER_MODE: 'outbox',
      EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(producerConfig),
    });
    await enrollInTransaction(outbox, rowOf('ann'));
    await vi.waitFor(async () =>
      expect((await pglite.query('SELECT position FROM event_outbox')).rows).toEqual([]),
    );
    await stop(bus, db);
    expect(pglite.closed).toBe(true);
    await expect(enrollInTransaction(outbox, rowOf('ben'))).rejects.toThrow(/closed/);
  });
});
