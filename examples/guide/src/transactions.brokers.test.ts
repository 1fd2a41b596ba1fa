import { postgresOrReason } from '@openedx-ts/brokers';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { route, startEventBus } from '@openedx-ts/events-core';
import { postgresOutboxStore } from '@openedx-ts/events-outbox';
import { pgDatabase } from '@openedx-ts/events-sql';
import { isolateSignals } from '@openedx-ts/events-testing';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { drizzleOutbox, enrollWithDrizzle, enrollWithPg, pgOutbox } from './transactions-libraries.js';

const postgres = await postgresOrReason();
const title = postgres.titled('the code of the guide on transactions, on PostgreSQL');

describe.skipIf(postgres.reason !== undefined)(title, () => {
  it('stores the events of committed transactions of pg and Drizzle, and no others', async () => {
    using _signals = isolateSignals({ runtime: { dispatch: 'robust' } });
    await using server = await postgres.start();
    const pool = new pg.Pool({ connectionString: server.url });
    await postgresOutboxStore().migrate(pgDatabase(pool));
    await pool.query('CREATE TABLE enrollments (username text PRIMARY KEY, course_key text NOT NULL)');
    const routes = [
      route(COURSE_ENROLLMENT_CREATED, {
        topic: 'learning-course-enrollment-lifecycle',
        eventKeyField: 'enrollment.course.course_key',
        mode: 'outbox',
      }),
    ];
    const row = {
      userId: 7,
      email: 'ann@example.org',
      courseKey: 'course-v1:edX+DemoX+2026',
      createdAt: new Date(),
    };
    const storedEvents = async () =>
      (await pool.query('SELECT event_type FROM event_outbox ORDER BY position')).rowCount;

    const withPg = pgOutbox(pool);
    {
      await using _bus = await startEventBus({ routes, outbox: withPg });
      await enrollWithPg(withPg, { ...row, username: 'ann' });
      await expect(enrollWithPg(withPg, { ...row, username: 'ann' })).rejects.toThrow(/duplicate key/);
    }
    expect(await storedEvents()).toBe(1);

    const withDrizzle = drizzleOutbox(drizzle({ client: pool }));
    {
      await using _bus = await startEventBus({ routes, outbox: withDrizzle });
      await enrollWithDrizzle(withDrizzle, { ...row, username: 'ben' });
      await expect(enrollWithDrizzle(withDrizzle, { ...row, username: 'ben' })).rejects.toThrow();
    }
    expect(await storedEvents()).toBe(2);
    await pool.end();
  });
});
