import { parseCourseKey } from '@openedx-ts/opaque-keys';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { Enrollment } from '../enrollment.js';
import type { EnrollmentRepository } from '../enrollment-repository.js';
import type { DatabaseTables, EnrollmentRow } from './database-tables.js';

/** The enrolments as one transaction sees them. */
export function databaseEnrollmentRepository(trx: Transaction<DatabaseTables>): EnrollmentRepository {
  return {
    userIdOf: async (username) => {
      await trx
        .insertInto('enrollment_learners')
        .values({ username })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const learner = trx.selectFrom('enrollment_learners').select('id').where('username', '=', username);
      return (await learner.executeTakeFirstOrThrow()).id;
    },
    add: async (enrollment) => {
      // Changes of one course run one after another, so that its places are counted correctly.
      await sql`SELECT pg_advisory_xact_lock(hashtext(${enrollment.courseKey.text}))`.execute(trx);
      const added = await trx
        .insertInto('enrollments')
        .values(toRow(enrollment))
        .onConflict((conflict) => conflict.doNothing())
        .returning('position')
        .executeTakeFirst();
      return added !== undefined;
    },
    remove: async (username, courseKey) => {
      const removed = await trx
        .deleteFrom('enrollments')
        .where('username', '=', username)
        .where('course_key', '=', courseKey.text)
        .returningAll()
        .executeTakeFirst();
      return removed === undefined ? undefined : fromRow(removed);
    },
    countIn: async (courseKey) => {
      const { learners } = await trx
        .selectFrom('enrollments')
        .select(({ fn }) => fn.countAll().as('learners'))
        .where('course_key', '=', courseKey.text)
        .executeTakeFirstOrThrow();
      return Number(learners);
    },
    list: async () => {
      const rows = await trx.selectFrom('enrollments').selectAll().orderBy('position').execute();
      return rows.map(fromRow);
    },
  };
}

function toRow({ userId, username, email, name, courseKey, mode, createdAt }: Enrollment) {
  return {
    user_id: userId,
    username,
    email,
    name,
    course_key: courseKey.text,
    mode,
    created_at: createdAt,
  };
}

function fromRow({ position: _, user_id, course_key, created_at, ...same }: Selectable<EnrollmentRow>) {
  return { ...same, userId: user_id, courseKey: parseCourseKey(course_key), createdAt: created_at };
}
