import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import {
  type Environment,
  eventBusSettings,
  publishOnCommit,
  type StartedEventBus,
  startEventBus,
} from '@openedx-ts/events-core';
import { type SqlOutbox, sqlOutbox } from '@openedx-ts/events-outbox';
import { kyselyDatabase, kyselyExecutor } from '@openedx-ts/events-sql';
import type { Kysely, Transaction } from 'kysely';
import { type EnrollmentRow, enrollmentOf } from './send-and-route.js';

/** The tables of a service, as Kysely knows them. */
export interface Tables {
  readonly enrollments: { readonly username: string; readonly course_key: string };
}

// #region start
export async function startWithOutbox(db: Kysely<Tables>, env: Environment = process.env) {
  const outbox = sqlOutbox(kyselyDatabase(db));
  const bus = await startEventBus({ ...eventBusSettings(env), outbox, loadSignal: loadCatalogSignal });
  return { outbox, bus };
}
// #endregion start

type Outbox = SqlOutbox<Transaction<Tables>>;

// #region transaction
export async function enrollInTransaction(outbox: Outbox, row: EnrollmentRow): Promise<void> {
  await outbox.transaction(async (trx) => {
    await insertEnrollment(trx, row);
    await COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(row), { time: row.createdAt });
  });
}

export function insertEnrollment(trx: Transaction<Tables>, { username, courseKey }: EnrollmentRow) {
  return trx.insertInto('enrollments').values({ username, course_key: courseKey }).execute();
}
// #endregion transaction

// #region within
export async function enrollWithin(db: Kysely<Tables>, outbox: Outbox, row: EnrollmentRow): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await insertEnrollment(trx, row);
    await outbox.within(kyselyExecutor(trx), () => COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(row)));
  });
}
// #endregion within

// #region append
export async function enrollAndAppend(db: Kysely<Tables>, outbox: Outbox, row: EnrollmentRow): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await insertEnrollment(trx, row);
    await outbox.append(kyselyExecutor(trx), [
      {
        signal: COURSE_ENROLLMENT_CREATED,
        topic: 'learning-course-enrollment-lifecycle',
        eventKeyField: 'enrollment.course.course_key',
        data: enrollmentOf(row),
      },
    ]);
  });
}
// #endregion append

// #region savepoint
/** Enrols all who can be enrolled, and returns the usernames of the others. */
export async function enrollClass(outbox: Outbox, rows: readonly EnrollmentRow[]): Promise<string[]> {
  const refused: string[] = [];
  await outbox.transaction(async () => {
    for (const row of rows) {
      try {
        await enrollInTransaction(outbox, row); // a savepoint: it drops the row and the event of this learner
      } catch {
        refused.push(row.username);
      }
    }
  });
  return refused;
}
// #endregion savepoint

// #region on-commit
export async function enrollOnCommit(db: Kysely<Tables>, row: EnrollmentRow): Promise<void> {
  await publishOnCommit(() =>
    db.transaction().execute(async (trx) => {
      await insertEnrollment(trx, row);
      await COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(row));
    }),
  );
}
// #endregion on-commit

// #region close
export async function stop(bus: StartedEventBus, db: Kysely<Tables>): Promise<void> {
  await bus.close(); // also the outbox and its relay
  await db.destroy();
}
// #endregion close
