import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { once, sqlInbox } from '@openedx-ts/events-inbox';
import type { SqlOutbox } from '@openedx-ts/events-outbox';
import { kyselyDatabase } from '@openedx-ts/events-sql';
import type { Kysely, Transaction } from 'kysely';
import { type EnrollmentRow, enrollmentOf } from './send-and-route.js';
import { insertEnrollment, type Tables } from './transactions.js';

/** Who waits for a place in a course. */
export interface WaitingList {
  /** The learner who has waited longest. */
  first(courseKey: string): Promise<EnrollmentRow>;
}

// #region inbox
/** Gives a place that has become free to the next learner, once, and sends the event about it. */
export function connectWaitingList(
  db: Kysely<Tables>,
  outbox: SqlOutbox<Transaction<Tables>>,
  waiting: WaitingList,
): Disposable {
  const inbox = sqlInbox(kyselyDatabase(db), { outbox });
  return COURSE_UNENROLLMENT_COMPLETED.connect(
    once(
      inbox,
      async ({ data }, trx) => {
        const next = await waiting.first(data.enrollment.course.course_key.toString());
        await insertEnrollment(trx, next);
        await COURSE_ENROLLMENT_CREATED.sendEvent(enrollmentOf(next));
      },
      { name: 'fill-place' },
    ),
  );
}
// #endregion inbox
