import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { type SqlOutbox, sqlOutbox } from '@openedx-ts/events-outbox';
import { drizzleDatabase, pgDatabase } from '@openedx-ts/events-sql';
import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import { type EnrollmentRow, enrollmentOf } from './send-and-route.js';

/** The transaction of Drizzle on node-postgres. */
export type DrizzleTransaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

// #region pg
export const pgOutbox = (pool: Pool) => sqlOutbox(pgDatabase(pool));

export async function enrollWithPg(outbox: SqlOutbox<PoolClient>, row: EnrollmentRow): Promise<void> {
  await outbox.transaction(async (client) => {
    const values = [row.username, row.courseKey];
    await client.query('INSERT INTO enrollments (username, course_key) VALUES ($1, $2)', values);
    await COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(row));
  });
}
// #endregion pg

// #region drizzle
export const drizzleOutbox = (db: NodePgDatabase) => sqlOutbox(drizzleDatabase(db));

export async function enrollWithDrizzle(
  outbox: SqlOutbox<DrizzleTransaction>,
  row: EnrollmentRow,
): Promise<void> {
  await outbox.transaction(async (tx) => {
    await tx.execute(
      sql`INSERT INTO enrollments (username, course_key) VALUES (${row.username}, ${row.courseKey})`,
    );
    await COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(row));
  });
}
// #endregion drizzle
